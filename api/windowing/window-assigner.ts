import type { Trigger } from './trigger.js';
import type { TimeWindow, Window } from './windows.js';

export interface WindowAssignerContext {
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
}

/** Decides which windows a record is in. */
export abstract class WindowAssigner<in T, W extends Window> {
  declare protected readonly recordType: (value: T) => void;

  abstract assignWindows(element: T, timestamp: number, context: WindowAssignerContext): readonly W[];
  /** When windows fire, unless the program says otherwise. */
  abstract getDefaultTrigger(): Trigger<T, W>;
  /** Whether windows end by event time, or by processing time. */
  abstract readonly isEventTime: boolean;
  /** Whether windows of a key that overlap or touch become one. Those must be {@link TimeWindow}s. */
  readonly merges: boolean = false;

  /** For plans and for telling programs apart, such as `TumblingEventTimeWindows(5000)`. */
  toString(): string {
    return this.constructor.name;
  }
}

/** Windows that merge, as sessions do. */
export abstract class MergingWindowAssigner<in T> extends WindowAssigner<T, TimeWindow> {
  override readonly merges = true;
}
