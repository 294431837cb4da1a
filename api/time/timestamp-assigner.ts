/** Finds the event time of a record, ms since 1970 UTC. `recordTimestamp` is the one it has had so far, or `NO_TIMESTAMP`. */
export type TimestampFunction<T> = (value: T, recordTimestamp: number) => number;

/** As {@link TimestampFunction}, as an object: one for each subtask, or split of a source. */
export interface TimestampAssigner<T> {
  extractTimestamp(value: T, recordTimestamp: number): number;
}
