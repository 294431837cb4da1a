import type { BlobKey, JobId } from '#core';
import type { ClusterOverview, CollectedPage, JobGraph, JobResult, JobState, SavepointOptions } from '#runtime';

/** A job in a list. */
export interface JobSummary {
  readonly jobId: JobId;
  readonly name: string;
  readonly state: JobState;
  /** ms since 1970 UTC. */
  readonly startMs: number;
  /** -1 while the job has not ended. */
  readonly endMs: number;
  /** Subtasks that run, and all of them. */
  readonly tasks: { readonly running: number; readonly finished: number; readonly total: number };
  /** What the job waits for, for people; where a list was asked for it may be left out. */
  readonly notice?: string | undefined;
}

/** The address of a cluster in this process. */
export const LOCAL_ADDRESS = 'local';

/** A blob that a job needs, given to the cluster only when it does not have it yet. */
export interface Blob {
  readonly key: BlobKey;
  readonly text: string;
}

/** What goes on in the cluster, whoever waits for it. */
export interface Operation<T> {
  /** 32 hexadecimal digits. */
  readonly triggerId: string;
  /** Waits for the outcome: for a savepoint its path. Rejects with why it failed. */
  outcome(): Promise<T>;
}

/**
 * A cluster, as programs and commands use it: in this process, or over REST.
 *
 * Throws: `JobNotFoundError` (user), `ClusterUnreachableError` (external) when nothing answers at the address,
 * `JobManagerLostError` (external) when what answered is gone.
 */
export interface ClusterClient {
  /** Where the cluster is, for messages: `localhost:8081`, or `local`. */
  readonly address: string;
  overview(): Promise<ClusterOverview>;
  submit(graph: JobGraph, blobs: readonly Blob[]): Promise<void>;
  listJobs(): Promise<readonly JobSummary[]>;
  job(jobId: JobId): Promise<JobSummary>;
  /** The state of a job; held back while it is `unlike`, for some seconds at most. */
  jobState(jobId: JobId, unlike?: JobState): Promise<JobState>;
  cancelJob(jobId: JobId): Promise<void>;
  /** Begins a savepoint. */
  triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<Operation<string>>;
  /** Begins a checkpoint; its outcome is its number. */
  triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<Operation<number>>;
  /** Ends when all files of the savepoint are gone. */
  disposeSavepoint(path: string): Promise<void>;
  /** Ends when the job has ended and everything of it is cleaned up. */
  jobResult(jobId: JobId): Promise<JobResult>;
  collect(jobId: JobId, collectorId: string, token: number): Promise<CollectedPage>;
  /** Frees what the client holds; the cluster goes on, unless the client is the cluster. */
  close(): Promise<void>;
}
