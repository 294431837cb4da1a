import { InvalidProgramError, type OnMergeContext, type TriggerContext } from '#api';
import type { TimerTable } from '../state/keyed-state-backend.js';
import { cellState, mergedCells, type CellState, type StateCell } from './cell-states.js';
import type { OperatorTime } from './operator-time.js';
import { type Pane, type Panes, sameWindow } from './panes.js';

/** Timers of the keys that have panes with timers: when they ring, the panes tell whose they are. */
export interface PaneTimers {
  readonly event: TimerTable;
  readonly processing: TimerTable;
}

type Domain = 'eventTimers' | 'processingTimers';
type AnyDescriptor = Parameters<typeof cellState>[0];

/** What a trigger may call, for the pane at hand. */
export class PaneTriggerContext implements OnMergeContext {
  /** Of the panes that have become the one at hand. */
  merged: readonly Pane[] = [];
  #pane: Pane;

  constructor(
    pane: Pane,
    private readonly panes: Panes,
    private readonly timers: PaneTimers,
    private readonly time: OperatorTime,
  ) {
    this.#pane = pane;
  }

  at(pane: Pane): this {
    this.#pane = pane;
    return this;
  }

  get currentProcessingTime(): number {
    return this.time.processingTimeMs;
  }

  get currentWatermark(): number {
    return this.time.watermark;
  }

  registerEventTimeTimer(time: number): void {
    this.#register('eventTimers', this.timers.event, time);
  }

  registerProcessingTimeTimer(time: number): void {
    this.#register('processingTimers', this.timers.processing, time);
  }

  deleteEventTimeTimer(time: number): void {
    this.#delete('eventTimers', this.timers.event, time);
  }

  deleteProcessingTimeTimer(time: number): void {
    this.#delete('processingTimers', this.timers.processing, time);
  }

  readonly getPartitionedState = this.#state.bind(this) as TriggerContext['getPartitionedState'];

  readonly mergePartitionedState = this.#merge.bind(this) as unknown as OnMergeContext['mergePartitionedState'];

  #merge(general: AnyDescriptor): void {
    if (general.kind === 'value' || general.kind === 'map') {
      const text = `The given state descriptor does not refer to a mergeable state (MergingState): "${general.name}"`;
      throw new InvalidProgramError(text, 'Use a list, reducing or aggregating state.');
    }
    const { states } = this.#pane;
    for (const other of this.merged) {
      const theirs = other.states[general.name];
      if (theirs === undefined) continue;
      const ours = states[general.name];
      states[general.name] = ours === undefined ? theirs : mergedCells(general, ours, theirs);
    }
  }

  #state(descriptor: AnyDescriptor): CellState {
    return cellState(descriptor, this.#cell(descriptor.name));
  }

  #cell(name: string): StateCell {
    const { states } = this.#pane;
    return {
      read: () => states[name],
      write: (value) => {
        states[name] = value;
      },
      clear: () => {
        // a fresh object would not be the pane's
        Reflect.deleteProperty(states, name);
      },
    };
  }

  #register(domain: Domain, table: TimerTable, time: number): void {
    if (this.#pane[domain].includes(time)) return;
    this.#pane[domain].push(time);
    table.register(time);
  }

  #delete(domain: Domain, table: TimerTable, time: number): void {
    const timers = this.#pane[domain];
    const at = timers.indexOf(time);
    if (at < 0) return;
    timers.splice(at, 1);
    const wanted = this.panes.all().some((pane) => !sameWindow(pane.window, this.#pane.window) && pane[domain].includes(time));
    if (!wanted) table.delete(time);
  }
}
