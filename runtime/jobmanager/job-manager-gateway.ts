import type { BlobKey, JobId, TaskManagerId, VertexId } from '#core';
import type { CheckpointSettings } from '../checkpoint/checkpoint-settings.js';
import type { CheckpointsStatus } from '../checkpoint/statistics/checkpoint-statistics.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { SerializedError } from '../control/serialized-error.js';
import type { TaskMetrics, TaskState } from '../task/deployment.js';

/** States of a job, in Flink's words. */
export type JobState =
  'INITIALIZING' | 'CREATED' | 'RUNNING' | 'FAILING' | 'FAILED' | 'CANCELLING' | 'CANCELED' | 'FINISHED' | 'RESTARTING' | 'SUSPENDED';

export const TERMINAL_JOB_STATES: readonly JobState[] = ['FAILED', 'CANCELED', 'FINISHED'];

export interface SubtaskStatus {
  readonly vertexId: VertexId;
  readonly subtaskIndex: number;
  readonly attempt: number;
  readonly state: TaskState;
  readonly taskManagerId: TaskManagerId | undefined;
  readonly host: string | undefined;
  /** When each state was entered, ms since 1970 UTC. */
  readonly timestamps: Readonly<Partial<Record<TaskState, number>>>;
  readonly metrics: TaskMetrics | undefined;
}

export interface FailureEntry {
  readonly error: SerializedError;
  readonly timestampMs: number;
  readonly taskName: string | undefined;
  readonly taskManagerId: TaskManagerId | undefined;
  readonly location: string | undefined;
}

export interface JobStatus {
  readonly jobId: JobId;
  readonly name: string;
  readonly state: JobState;
  readonly startMs: number;
  /** -1 while the job has not ended. */
  readonly endMs: number;
  readonly timestamps: Readonly<Partial<Record<JobState, number>>>;
  readonly graph: JobGraph;
  readonly subtasks: readonly SubtaskStatus[];
  /** The root cause first, then the history. */
  readonly failures: readonly FailureEntry[];
  /** What the job waits for, for people: task slots, say. */
  readonly notice?: string | undefined;
  /** How the job is started again after a failure. */
  readonly restartStrategy: string;
}

export interface JobResult {
  readonly jobId: JobId;
  readonly state: 'FINISHED' | 'CANCELED' | 'FAILED';
  readonly netRuntimeMs: number;
  readonly accumulators: Readonly<Record<string, unknown>>;
  readonly failure: SerializedError | undefined;
}

export interface TaskManagerStatus {
  readonly taskManagerId: TaskManagerId;
  readonly host: string;
  readonly dataPort: number;
  readonly pid: number;
  readonly slots: number;
  readonly freeSlots: number;
  readonly lastHeartbeatMs: number;
  readonly hardware: {
    readonly cpuCores: number;
    readonly physicalMemory: number;
    readonly freeMemory: number;
    readonly managedMemory: number;
  };
  readonly networkSegments: number;
  readonly logPath: string | undefined;
}

export interface ClusterOverview {
  readonly taskManagers: number;
  readonly slotsTotal: number;
  readonly slotsAvailable: number;
  readonly jobsRunning: number;
  readonly jobsFinished: number;
  readonly jobsCancelled: number;
  readonly jobsFailed: number;
  /** What whoever uses the cluster should know, a line each. */
  readonly messages: readonly string[];
}

/** A page of what a collect sink sent: value-codec encoded batches in order. */
export interface CollectedPage {
  readonly batches: readonly Uint8Array[];
  /** To be given for the next page. */
  readonly nextToken: number;
  /** The job has ended and no more will come. */
  readonly end: boolean;
}

/** How a savepoint is asked for. */
export interface SavepointOptions {
  /** Absent: as the job or the cluster is configured. */
  readonly targetDirectory?: string | undefined;
  /**
   * `cancel`: the job is cancelled afterwards. `suspend`: its sources stop at the savepoint, and it finishes. `drain`: windows fire
   * first.
   */
  readonly then?: 'cancel' | 'suspend' | 'drain' | undefined;
}

/** A job's checkpoints, and how they are made. */
export interface JobCheckpointsStatus {
  readonly settings: CheckpointSettings;
  readonly status: CheckpointsStatus;
}

/** Output of print sinks that the client wants to show itself (local runs only). */
export type PrintListener = (stream: 'stdout' | 'stderr', text: string) => void;

/**
 * What a JobManager offers to REST, to clients in the same process, and to the session layer.
 * Unknown jobs give `JobNotFoundError`, those of a JobManager before this one `JobLostError`. Everything it answers is a snapshot.
 */
export interface JobManagerGateway {
  putBlob(bytes: Uint8Array): Promise<BlobKey>;
  hasBlob(key: BlobKey): Promise<boolean>;
  /** Answers when the job is accepted: its graph is sane and its bundle is there. It then waits for slots. */
  submitJob(graph: JobGraph): Promise<void>;
  /** Nothing happens to a job that was cancelled before; one that has ended otherwise gives `JobAlreadyEndedError`. */
  cancelJob(jobId: JobId): Promise<void>;
  /** Answers the directory of the savepoint when it is complete and the job, if it was to end, has ended. */
  triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<string>;
  /** Answers the number of the checkpoint when it is complete. `full`: it refers to nothing of earlier ones. */
  triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<number>;
  /** Deletes a savepoint with all its files. */
  disposeSavepoint(path: string): Promise<void>;
  /** Throws `NoCheckpointsError` for a batch job. */
  checkpoints(jobId: JobId): JobCheckpointsStatus;
  listJobs(): readonly JobStatus[];
  job(jobId: JobId): JobStatus;
  /** Ends when the job has ended and everything of it is cleaned up. */
  jobResult(jobId: JobId): Promise<JobResult>;
  /** Waits for at most `waitMs` for something after `token`. */
  collect(jobId: JobId, collectorId: string, token: number, waitMs: number): Promise<CollectedPage>;
  taskManagers(): readonly TaskManagerStatus[];
  overview(): ClusterOverview;
  /** Cancels all jobs, tells the TaskManagers to stop when `stopWorkers` is set, closes everything. */
  shutDown(options: { readonly stopWorkers: boolean }): Promise<void>;
}
