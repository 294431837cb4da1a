import type { Clock, JobId, Logger } from '#core';

/**
 * A step that makes output visible once the whole job has succeeded, as plain data: the JobManager takes it.
 * The directory in which `to` lies is made when it is missing.
 */
export interface RenameOnSuccess {
  readonly kind: 'rename';
  readonly from: string;
  readonly to: string;
  readonly overwrite: boolean;
}

/** Makes room for renames: deletes a path with all it contains, if it exists. All deletions come before all renames. */
export interface DeleteOnSuccess {
  readonly kind: 'delete';
  readonly path: string;
}
export type FinishStep = RenameOnSuccess | DeleteOnSuccess;

/**
 * Writes one subtask's records to the outside. `write` is synchronous and puts the record into a bounded buffer;
 * a writer that can take no more for now sets `blocked` and calls `context.wake()` when it can again.
 */
export interface SinkWriter<T> {
  open?(): void | Promise<void>;
  write(value: T, timestamp: number): void;
  /** True while no more records should come; the writer must still take the few that are on their way. */
  readonly blocked: boolean;
  /** Brings out what is buffered. After it with `endOfInput` no record follows; answers the steps to take when the job has succeeded. */
  flush(endOfInput: boolean): Promise<readonly FinishStep[]>;
  /** Frees everything, also after an error. */
  close(): void | Promise<void>;
}

export interface SinkWriterContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly attempt: number;
  readonly jobId: JobId;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The values of the cluster's configuration, by key. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Aborted when the job ends before the sink does. */
  readonly signal: AbortSignal;
  wake(): void;
  /** Fails the job with an error found outside `write`. */
  fail(error: unknown): void;
  /** Hands a batch of records to the client that waits for this job's results. Answers when it may send more. */
  sendToClient(collectorId: string, records: readonly unknown[]): Promise<void>;
  /** A line for the standard output of the program: the TaskManager's, or the client's when the job runs locally. */
  print(stream: 'stdout' | 'stderr', text: string): void;
}

/** Where records go. */
export interface Sink<T> {
  createWriter(context: SinkWriterContext): SinkWriter<T>;
  /** The path of the output, where no other sink of the job may write. Absent for sinks that share their place with others. */
  writesTo?(): string;
  /**
   * Directories that hold this sink's unfinished output, from the id of the job: deleted with all they contain when the job
   * ends, however it ends.
   */
  scratch?(jobId: JobId): readonly string[];
  /** As of a source: what must be the same everywhere, such as the absolute form of a relative path. */
  shipped?(): readonly unknown[];
  /** Called in every slot before `createWriter` with what `shipped` answered at submission. */
  adoptShipped?(values: readonly unknown[]): void;
  /** Checked once, where the job is submitted, before anything runs: an output that may not be overwritten, say. */
  validate?(context: { readonly parallelism: number; readonly configuration: Readonly<Record<string, string>> }): Promise<void>;
}
