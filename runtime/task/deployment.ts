import type { JobId, TaskManagerId, VertexId } from '#core';
import type { AccumulatorData, FinishStep } from '#api';
import type { CheckpointOptions, SubtaskRestore, SubtaskSnapshot } from '../checkpoint/handles.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { SerializedError } from '../control/serialized-error.js';

/** States of a subtask's attempt, in Flink's words. */
export type TaskState =
  'CREATED' | 'SCHEDULED' | 'DEPLOYING' | 'INITIALIZING' | 'RUNNING' | 'FINISHED' | 'CANCELING' | 'CANCELED' | 'FAILED';

export interface SubtaskId {
  readonly vertexId: VertexId;
  readonly subtaskIndex: number;
}

/** Where a subtask runs. */
export interface Placement extends SubtaskId {
  readonly taskManagerId: TaskManagerId;
  /** Address of the TaskManager's data port, for exchanges from other TaskManagers. */
  readonly host: string;
  readonly dataPort: number;
  readonly slot: number;
}

/** All subtasks of one region of a job that run in one slot. Plain data: from the JobManager to a TaskManager. */
export interface SlotDeployment {
  readonly graph: JobGraph;
  /** Names what was deployed together, once in the job. */
  readonly attempt: number;
  /** From 0, counts restarts of the subtasks. */
  readonly attemptNumber: number;
  readonly slot: number;
  readonly subtasks: readonly SubtaskId[];
  /** Of those subtasks that begin with state; beside subtask 0 of a source also of its others that had finished. */
  readonly restores: readonly RestoredSubtask[];
  /** Of all subtasks that they have channels to and from. */
  readonly placements: readonly Placement[];
}

/** What a subtask begins with. */
export interface RestoredSubtask extends SubtaskId, SubtaskRestore {}

/** One end of a channel: a ring of shared segments, and the doorbell of the thread at its other end. */
export interface ChannelEnd {
  readonly ring: SharedArrayBuffer;
  readonly peerBell: SharedArrayBuffer;
}

export interface SubtaskChannels extends SubtaskId {
  /** By id of the in-edge: its channels, one a producer, in the order of `producersOf`. */
  readonly inputs: Readonly<Record<number, readonly ChannelEnd[]>>;
  /** By id of the out-edge: its channels, one a consumer, in the order of `consumersOf`. */
  readonly outputs: Readonly<Record<number, readonly ChannelEnd[]>>;
}

/** What the carrier of a slot (a worker thread, or the caller's own) is given to run. Crosses a MessagePort. */
export interface SlotAssignment {
  readonly deployment: SlotDeployment;
  readonly channels: readonly SubtaskChannels[];
  /** The doorbell this slot waits at. */
  readonly bell: SharedArrayBuffer;
  /** URL of the localised program bundle. */
  readonly programUrl: string;
  readonly taskManagerId: TaskManagerId;
  /** The cluster's configuration, by key. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** To a slot. */
export type SlotCommand =
  | { readonly type: 'deploy'; readonly assignment: SlotAssignment }
  /** Stop all tasks, close everything, answer with states CANCELED and `ended`. */
  | { readonly type: 'cancel' }
  | { readonly type: 'operatorEvent'; readonly event: OperatorEvent }
  /** Answer to the `collect` report of that number: more may be sent. */
  | { readonly type: 'collected'; readonly sequence: number }
  /** The subtasks begin the checkpoint: those that no barrier can come to. */
  | {
      readonly type: 'triggerCheckpoint';
      readonly subtasks: readonly SubtaskId[];
      readonly checkpointId: number;
      /** ms since 1970. */
      readonly timestamp: number;
      readonly options: CheckpointOptions;
    }
  /** For all subtasks of the slot. A savepoint is the user's: nothing builds on it, and unless it stops the job nothing is committed. */
  | { readonly type: 'checkpointCompleted' | 'savepointCompleted' | 'checkpointAborted'; readonly checkpointId: number };

/**
 * Split requests and assignments between the reader subtasks of a source and its enumerator, which runs beside subtask 0; and what the
 * heads of an iteration say to each other.
 */
export interface OperatorEvent {
  readonly vertexId: VertexId;
  readonly nodeId: number;
  /** `enumerator`, the subtask it goes to, or what keeps the sources of a group together, at the JobManager. */
  readonly to: 'enumerator' | 'alignment' | number;
  readonly kind:
    | 'requestSplit'
    | 'assignSplits'
    | 'noMoreSplits'
    | 'checkpoint'
    | 'iterationQuiet'
    | 'iterationActive'
    | 'iterationEnded'
    | 'watermark'
    | 'alignTo';
  readonly from: number;
  /** Value-codec encoded splits, or the checkpoint. */
  readonly payload?: Uint8Array;
}

/** What one operator of a subtask has to tell. Watermarks are `MIN_WATERMARK` before the first. */
export interface OperatorMetrics {
  readonly name: string;
  readonly inputWatermark: number;
  readonly outputWatermark: number;
  /** Of operators that drop records which come too late. */
  readonly lateRecordsDropped?: number;
}

export interface TaskMetrics extends SubtaskId {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly busyMs: number;
  readonly backPressuredMs: number;
  readonly idleMs: number;
  /** The least of the subtask's channels; `MIN_WATERMARK` before the first. */
  readonly inputWatermark: number;
  /** In the order of the chain. */
  readonly operators: readonly OperatorMetrics[];
}

/** From a slot. */
export type SlotReport =
  | { readonly type: 'state'; readonly subtask: SubtaskId; readonly state: TaskState }
  | {
      readonly type: 'finished';
      readonly subtask: SubtaskId;
      readonly accumulators: Readonly<Record<string, AccumulatorData>>;
      readonly steps: readonly FinishStep[];
    }
  | { readonly type: 'failed'; readonly subtask: SubtaskId | undefined; readonly error: SerializedError }
  | { readonly type: 'operatorEvent'; readonly event: OperatorEvent }
  | { readonly type: 'collect'; readonly collectorId: string; readonly sequence: number; readonly records: Uint8Array }
  | { readonly type: 'print'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly context: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'metrics'; readonly tasks: readonly TaskMetrics[] }
  | {
      readonly type: 'checkpointAcknowledged';
      readonly subtask: SubtaskId;
      readonly checkpointId: number;
      readonly snapshot: SubtaskSnapshot;
    }
  /** The subtask has nothing left to do but to take part in one more checkpoint. */
  | { readonly type: 'awaitingCheckpoint'; readonly subtask: SubtaskId }
  | { readonly type: 'checkpointDeclined'; readonly subtask: SubtaskId; readonly checkpointId: number; readonly error: SerializedError }
  /** Everything is closed: the carrier can be ended. */
  | { readonly type: 'ended'; readonly jobId: JobId };
