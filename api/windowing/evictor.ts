import type { Window } from './windows.js';

/** A record of a window with its timestamp, `NO_TIMESTAMP` when it has none. */
export interface TimestampedValue<T> {
  readonly value: T;
  readonly timestamp: number;
}

export interface EvictorContext {
  readonly currentProcessingTime: number;
  readonly currentWatermark: number;
}

/** Removes records from a window when it fires, before or after the window function sees them. */
export interface Evictor<in T, in W extends Window> {
  /** Removes records from the list, in place. `elements` are in the order in which they came. */
  evictBefore(elements: TimestampedValue<T>[], size: number, window: W, context: EvictorContext): void;
  evictAfter(elements: TimestampedValue<T>[], size: number, window: W, context: EvictorContext): void;
}
