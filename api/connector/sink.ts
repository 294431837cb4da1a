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

/** What a writer contributes to a checkpoint. All of it is plain data that the value codec carries. */
export interface SinkSnapshot {
  /** What `createWriter` is given when the job is restored. Each element goes to one subtask, whatever the parallelism is then. */
  readonly state: readonly unknown[];
  /** Output that is outside, durable and complete but not yet to be seen: for the committer, once the checkpoint is complete. */
  readonly committables: readonly unknown[];
}

/** Stands for a checkpoint where there is none: the writer's last snapshot in a job that takes no checkpoints. */
export const NO_CHECKPOINT = 0;

/**
 * Writes one subtask's records to the outside. `write` is synchronous and puts the record into a bounded buffer;
 * a writer that can take no more for now sets `blocked` and calls `context.wake()` when it can again.
 *
 * A writer without `snapshot` is flushed before a checkpoint is acknowledged: records are written at least once.
 *
 * With `snapshot` output goes out in two phases (Flink's FLIP-143):
 * 1. The barrier of checkpoint n comes: `snapshot(n)` cuts off what belongs to n, brings it out (pre-commit) and answers it.
 * 2. The runtime keeps the committables in the operator's state, in n and in every later checkpoint until they are committed.
 * 3. Checkpoint n is complete: the committer is given all committables up to n.
 * After a failure the committables of the restored checkpoint are committed, maybe for a second time, before the writer is opened;
 * what was written after that checkpoint was never committed and is the writer's to clean up.
 *
 * End of input: `flush(true)`, then `snapshot` for the last time. With checkpoints that is for the next checkpoint, which the subtask waits
 * for before it ends, so that all is committed then. Without, `snapshot(NO_CHECKPOINT)` follows at once; its committables become the steps
 * that `Committer.finishSteps` makes of them, taken when the whole job has succeeded; a committer that makes none commits them when its
 * subtask ends.
 */
export interface SinkWriter<T> {
  open?(): void | Promise<void>;
  write(value: T, timestamp: number): void;
  /** True while no more records should come; the writer must still take the few that are on their way. */
  readonly blocked: boolean;
  /** Brings out what is buffered. After it with `endOfInput` no record follows; answers the steps to take when the job has succeeded. */
  flush(endOfInput: boolean): Promise<readonly FinishStep[]>;
  /**
   * What is written so far is cut off from what follows at the call, so that `write` may go on while the promise is pending. Called for one
   * checkpoint after the other, the next one only when the promise has ended. Rejects with what failed; the job is restored then.
   */
  snapshot?(checkpointId: number): Promise<SinkSnapshot>;
  /** Frees everything, also after an error. */
  close(): void | Promise<void>;
}

/** Makes the output of a checkpoint visible. In the thread of the writer, which may write meanwhile. */
export interface Committer {
  open?(): void | Promise<void>;
  /**
   * Called with committables of one or more complete checkpoints, oldest first. Must be idempotent: after a failure it is called again,
   * maybe by another subtask, with what may be committed already (`restored`). Rejects with what failed; the job is restored then and it is
   * tried again.
   */
  commit(committables: readonly unknown[], info: { readonly restored: boolean }): Promise<void>;
  /** For jobs without checkpoints: what is to be done instead of `commit` when the whole job has succeeded. */
  finishSteps?(committables: readonly unknown[]): readonly FinishStep[];
  close?(): void | Promise<void>;
}

export interface SinkWriterContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly attempt: number;
  readonly jobId: JobId;
  /** The checkpoint from which this attempt was restored; undefined when it starts from nothing. */
  readonly restoredCheckpointId: number | undefined;
  /** Whether the job takes checkpoints. */
  readonly checkpointing: boolean;
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
  /** @param restored elements of `SinkSnapshot.state` that fall to this subtask, in no particular order. */
  createWriter(context: SinkWriterContext, restored?: readonly unknown[]): SinkWriter<T>;
  /** Present when snapshots of the writer may have committables. Without one the writer's last records wait for no checkpoint. */
  createCommitter?(context: SinkWriterContext): Committer;
  /** The function of the program behind the sink: the runtime calls `snapshotState` and its like on it. */
  checkpointed?(): object | undefined;
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
