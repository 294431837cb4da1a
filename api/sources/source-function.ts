import type { Clock, JobId, Logger } from '#core';

/** What a source function learns of the place it runs in. */
export interface SourceFunctionContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly jobId: JobId;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the job ends before the source does. */
  readonly signal: AbortSignal;
}

/** Yields records, one by one; they are drawn a little ahead of what downstream takes. */
export type GeneratorFunction<T> = (context: SourceFunctionContext) => AsyncIterable<T> | Iterable<T>;

/** Where a {@link SourceFunction} puts its records. */
export interface SourceCollector<T> extends SourceFunctionContext {
  /** Hands over a record. Look at `full`, and wait for `ready`, between records. */
  collect(value: T): void;
  /** @param timestamp ms since 1970 UTC. */
  collectWithTimestamp(value: T, timestamp: number): void;
  /** Set when downstream is behind. */
  readonly full: boolean;
  /** Ends when downstream can take more; at once when it can. */
  ready(): Promise<void>;
}

/** A source that runs by itself, for as long as its promise is open. */
export interface SourceFunction<T> {
  run(collector: SourceCollector<T>): Promise<void>;
  /** Asks `run` to end. */
  cancel(): void;
}
