import { Types } from '#core';
import { GlobalWindow, TimeWindow, type Window } from '#api';
import type { KeyedStateBackend, Namespace, NamespacedState } from '../state/keyed-state-backend.js';
import { namespaceOf } from './window-state.js';

/** What is kept for a key and window on the general path. Plain data but for the window, which is its name. */
export class Pane {
  /** An accumulator; undefined when there is nothing, or it was purged. */
  contents: unknown;
  eventTimers: number[] = [];
  processingTimers: number[] = [];
  /** Of the trigger, by name. */
  states: Record<string, unknown> = {};

  constructor(readonly window: Window) {}
}

/** A pane as state keeps it. */
type KeptPane = readonly [contents: unknown, eventTimers: number[], processingTimers: number[], states: Record<string, unknown>];

function toKept({ contents, eventTimers, processingTimers, states }: Pane): KeptPane {
  return [contents, eventTimers, processingTimers, states];
}

function toPane(window: Window, [contents, eventTimers, processingTimers, states]: KeptPane): Pane {
  return Object.assign(new Pane(window), { contents, eventTimers, processingTimers, states });
}

/** The panes of the current key. */
export interface Panes {
  /** Those there are, or those that have a timer at a time. */
  all(): Pane[];
  find(window: Window): Pane | undefined;
  save(pane: Pane): void;
  remove(pane: Pane): void;
}

/** Panes of windows that many keys have: a table for each window. */
export class AlignedPanes implements Panes {
  readonly #kept: NamespacedState<KeptPane>;

  constructor(private readonly keyed: KeyedStateBackend) {
    this.#kept = keyed.namespaced<KeptPane>({ name: 'window-contents', kind: 'window', type: Types.generic });
  }

  all(): Pane[] {
    const panes: Pane[] = [];
    for (const namespace of this.#kept.namespaces()) {
      const pane = this.#paneIn(namespace, windowOf(namespace));
      if (pane !== undefined) panes.push(pane);
    }
    return panes;
  }

  find(window: Window): Pane | undefined {
    return this.#paneIn(namespaceOf(window), window);
  }

  save(pane: Pane): void {
    const table = this.#kept.table(namespaceOf(pane.window));
    table.set(table.slotOf(this.keyed.currentKey), toKept(pane));
  }

  remove({ window }: Pane): void {
    const namespace = namespaceOf(window);
    const table = this.#kept.existing(namespace);
    const slot = table?.find(this.keyed.currentKey) ?? -1;
    if (table === undefined || slot < 0) return;
    table.remove(slot);
    if (table.size === 0) this.#kept.drop(namespace);
  }

  #paneIn(namespace: Namespace, window: Window): Pane | undefined {
    const table = this.#kept.existing(namespace);
    const slot = table?.find(this.keyed.currentKey) ?? -1;
    const kept = slot < 0 ? undefined : table?.get(slot);
    return kept === undefined ? undefined : toPane(window, kept);
  }
}

function windowOf(namespace: Namespace): Window {
  return typeof namespace === 'number' ? GlobalWindow.get() : new TimeWindow(namespace[0], namespace[1]);
}

/** Panes of windows that each key has of its own, sessions: one small list for each key. */
export class MergingPanes implements Panes {
  readonly #kept: NamespacedState<(readonly [start: number, end: number, pane: KeptPane])[]>;

  constructor(private readonly keyed: KeyedStateBackend) {
    this.#kept = keyed.namespaced({ name: 'window-contents', kind: 'window', type: Types.generic });
  }

  all(): Pane[] {
    return this.#list().map(([start, end, kept]) => toPane(new TimeWindow(start, end), kept));
  }

  find(window: Window): Pane | undefined {
    return this.all().find((pane) => sameWindow(pane.window, window));
  }

  save(pane: Pane): void {
    const window = pane.window as TimeWindow;
    const others = this.#list().filter(([start, end]) => start !== window.start || end !== window.end);
    const table = this.#kept.table(0);
    table.set(table.slotOf(this.keyed.currentKey), [...others, [window.start, window.end, toKept(pane)]]);
  }

  remove(pane: Pane): void {
    const window = pane.window as TimeWindow;
    const others = this.#list().filter(([start, end]) => start !== window.start || end !== window.end);
    const table = this.#kept.table(0);
    const slot = table.find(this.keyed.currentKey);
    if (slot < 0) return;
    if (others.length === 0) table.remove(slot);
    else table.set(slot, others);
  }

  #list(): (readonly [start: number, end: number, pane: KeptPane])[] {
    const table = this.#kept.table(0);
    const slot = table.find(this.keyed.currentKey);
    return (slot < 0 ? undefined : table.get(slot)) ?? [];
  }
}

export function sameWindow(one: Window, other: Window): boolean {
  if (!(one instanceof TimeWindow) || !(other instanceof TimeWindow)) return one === other;
  return one.start === other.start && one.end === other.end;
}
