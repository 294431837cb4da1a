import { Types } from '#core';
import type { KeyedStateStore, Window } from '#api';
import { TimeWindow } from '#api';
import type { KeyedStateBackend, Namespace, NamespacedState } from '../state/keyed-state-backend.js';
import { cellState, type CellState, type StateCell } from './cell-states.js';

/** The name of a window among the tables of a state. */
export function namespaceOf(window: Window): Namespace {
  return window instanceof TimeWindow ? [window.start, window.end] : 0;
}

/** What process window functions keep for a key and window: a table for each state and window, dropped when the window's time is over. */
export class WindowStates implements KeyedStateStore {
  readonly #states = new Map<string, { readonly kept: NamespacedState<unknown>; readonly state: CellState }>();
  #namespace: Namespace = 0;

  constructor(private readonly keyed: KeyedStateBackend) {}

  /** The states of a window. The key is the current one of the backend. */
  of(window: Window): KeyedStateStore {
    this.#namespace = namespaceOf(window);
    return this;
  }

  /** Forgets what is kept for windows that ended at or before `endMs`. */
  dropUntil(endMs: number): void {
    for (const { kept } of this.#states.values()) {
      for (const namespace of [...kept.namespaces()]) {
        if (typeof namespace !== 'number' && namespace[1] <= endMs) kept.drop(namespace);
      }
    }
  }

  readonly getState = this.#make.bind(this) as KeyedStateStore['getState'];
  readonly getListState = this.#make.bind(this) as unknown as KeyedStateStore['getListState'];
  readonly getMapState = this.#make.bind(this) as unknown as KeyedStateStore['getMapState'];
  readonly getReducingState = this.#make.bind(this) as unknown as KeyedStateStore['getReducingState'];
  readonly getAggregatingState = this.#make.bind(this) as unknown as KeyedStateStore['getAggregatingState'];

  #make(descriptor: Parameters<typeof cellState>[0]): CellState {
    const known = this.#states.get(descriptor.name);
    if (known !== undefined) return known.state;
    const kept = this.keyed.namespaced({ name: `window-state ${descriptor.name}`, kind: 'window', type: Types.generic });
    const state = cellState(descriptor, this.#cellOf(kept));
    this.#states.set(descriptor.name, { kept, state });
    return state;
  }

  #cellOf(kept: NamespacedState<unknown>): StateCell {
    const { keyed } = this;
    return {
      read: () => {
        const table = kept.existing(this.#namespace);
        const slot = table?.find(keyed.currentKey) ?? -1;
        return slot < 0 ? undefined : table?.get(slot);
      },
      write: (value) => {
        const table = kept.table(this.#namespace);
        table.set(table.slotOf(keyed.currentKey), value);
      },
      clear: () => {
        const table = kept.existing(this.#namespace);
        const slot = table?.find(keyed.currentKey) ?? -1;
        if (slot >= 0) table?.remove(slot);
      },
    };
  }
}
