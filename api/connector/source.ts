import type { Clock, Logger, JobId } from '#core';

/** Whether a source ends by itself. */
export type Boundedness = 'bounded' | 'unbounded';

/** A part of a source's input that one reader reads, as plain data that the value codec carries. */
export interface Split {
  /** Unique within the source; stable between runs. */
  readonly id: string;
}

/** Where a reader puts its records. */
export interface SourceOutput<T> {
  /** Emits a record; without a timestamp it has none. Only to be called within `poll`. */
  emit(value: T, timestamp?: number): void;
  /** Set when downstream can take no more for now: end `poll` as soon as you can. */
  readonly blocked: boolean;
  /**
   * For readers that read several splits at a time: where the records of one go, so that each has watermarks of its own. Answers the same
   * object each time, until `finishSplit`.
   */
  forSplit?(id: string): SourceOutput<T>;
  /** The split is read to its end, and holds back event time no longer. */
  finishSplit?(id: string): void;
}

/** What {@link SourceReader.poll} found. */
export type PollStatus =
  /** There may be more at once. */
  | 'more'
  /** Nothing for now: poll again after `context.wake()`. */
  | 'idle'
  /** All splits are read and no more will come. */
  | 'end';

/**
 * One parallel instance of a source. Runs on the slot's thread: `poll` is synchronous and short; whatever must wait
 * (files, sockets) is awaited elsewhere, kept in a bounded buffer, and announced by `context.wake()`.
 * An error thrown by `poll`, or given to `context.fail`, fails the job.
 */
export interface SourceReader<T> {
  open?(): void | Promise<void>;
  /** Emits at most `maxRecords` records, fewer when `output.blocked` is set. */
  poll(output: SourceOutput<T>, maxRecords: number): PollStatus;
  /** Splits assigned by the enumerator, in the order they are to be read. */
  addSplits?(splits: readonly Split[]): void;
  /** The enumerator will assign no more splits. */
  noMoreSplits?(): void;
  /** The splits still to read, with their positions: what a restored reader is given by `addSplits`. */
  snapshot?(): readonly Split[];
  /**
   * For watermark alignment, by readers that read several splits at a time: of the first ones nothing is to be emitted for now, of the
   * others it is again. A reader without it is not polled while it is ahead of its group.
   */
  pauseOrResumeSplits?(pause: readonly string[], resume: readonly string[]): void;
  /**
   * Emits all that was taken from the outside and still waits in the reader, whatever `output.blocked` says. Called between a function's
   * `snapshotState` and the barrier: the state tells of these records, so they belong before it.
   */
  settle?(output: SourceOutput<T>): void;
  close?(): void | Promise<void>;
}

export interface SourceReaderContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly jobId: JobId;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The tasks' timeouts and cancellation: aborted when the job ends before the source does. */
  readonly signal: AbortSignal;
  /** Asks for `poll` to be called again; may be called from any callback of this thread. */
  wake(): void;
  /** Asks the enumerator for one more split. */
  requestSplit(): void;
  /** Fails the job with an error found outside `poll`. */
  fail(error: unknown): void;
}

/** Finds splits and gives them out; one instance for a source, whatever its parallelism. */
export interface SplitEnumerator {
  /** Finds the splits; called once, before any request is handled. */
  start(): void | Promise<void>;
  /** A reader wants a split. Answer by `context.assign` or `context.noMoreSplits`, now or later. */
  handleRequest(subtaskIndex: number): void;
  /**
   * What is still to be given out, as plain data: what `createEnumerator` is given when the job is restored. Taken between two requests. An
   * enumerator without it finds its splits anew when the job is restored.
   */
  snapshot?(): readonly unknown[];
  close?(): void | Promise<void>;
}

export interface SplitEnumeratorContext {
  readonly parallelism: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The machine a reader runs on, by name or address, as a hint which splits are near; undefined when it is not known. */
  hostOf(subtaskIndex: number): string | undefined;
  assign(subtaskIndex: number, splits: readonly Split[]): void;
  noMoreSplits(subtaskIndex: number): void;
  fail(error: unknown): void;
}

/**
 * Where records come from. A source without an enumerator decides by subtask index what each reader reads.
 * The object itself is found again in every slot by replaying the program.
 */
export interface Source<T> {
  readonly boundedness: Boundedness;
  /** False for sources that only ever run with parallelism 1. */
  readonly parallel: boolean;
  createReader(context: SourceReaderContext): SourceReader<T>;
  /** The function of the program behind the source: the runtime calls `snapshotState` and its like on it. */
  checkpointed?(): object | undefined;
  /** @param restored what `snapshot` answered for the checkpoint that the job is restored from; undefined when it begins. */
  createEnumerator?(context: SplitEnumeratorContext, restored?: readonly unknown[]): SplitEnumerator;
  /** What must be the same everywhere and is therefore shipped with the job, not recomputed in replays: elements of a collection. */
  shipped?(): readonly unknown[];
  /** Called in every slot before `createReader` with what `shipped` answered at submission. */
  adoptShipped?(values: readonly unknown[]): void;
  /** Checked once, before anything runs, where the job is submitted from the machine that runs it: input that is missing, say. */
  validate?(context: { readonly parallelism: number; readonly configuration: Readonly<Record<string, string>> }): Promise<void>;
}
