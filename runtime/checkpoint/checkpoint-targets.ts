import type { FlinkError, VertexId } from '#core';
import type { SubtaskId, TaskState } from '../task/deployment.js';
import type { CheckpointOptions, SubtaskSnapshot } from './handles.js';

/** A source whose split enumerator keeps something. */
export interface EnumeratorId {
  readonly vertexId: VertexId;
  readonly operatorId: string;
}

/** The tasks of a job, as its checkpoint coordinator sees them. They answer by calls of the coordinator, sooner or later. */
export interface CheckpointTargets {
  /** Of the present attempt. */
  stateOf(subtask: SubtaskId): TaskState;
  /** Name for people: `Map -> Sink (2/4)`. */
  describe(subtask: SubtaskId): string;
  /** What a finished subtask said when it finished. */
  leftBy(subtask: SubtaskId): NonNullable<SubtaskSnapshot['finished']>;
  /** Those that can be asked now. */
  enumerators(): readonly EnumeratorId[];
  /**
   * Asks for the state of an enumerator. Splits that it gives out before its answer are sent to the readers before `trigger` is, and
   * those it gives out later after it: so the readers' checkpoint has exactly the splits that the enumerator's does not.
   */
  snapshotEnumerator(enumerator: EnumeratorId, checkpointId: number, options: CheckpointOptions): void;
  /** Those that no barrier comes to begin the checkpoint. Each subtask of the job that runs acknowledges it then, or declines. */
  trigger(subtasks: readonly SubtaskId[], checkpointId: number, timestampMs: number, options: CheckpointOptions): void;
  /**
   * The checkpoint is complete, for all subtasks. After a savepoint nothing builds on it and, unless it stops the job, nothing is
   * committed:
   * it belongs to the user, who may delete it.
   */
  notifyComplete(checkpointId: number, options: CheckpointOptions): void;
  /** The checkpoint will never be complete, for all subtasks. */
  notifyAborted(checkpointId: number): void;
  failJob(error: FlinkError): void;
}
