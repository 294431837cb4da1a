import type { FlinkError } from '#core';
import type { SubtaskId, TaskState } from '../task/deployment.js';
import type { CheckpointOptions, SubtaskSnapshot } from './handles.js';

/** The tasks of a job, as its checkpoint coordinator sees them. They answer by calls of the coordinator, sooner or later. */
export interface CheckpointTargets {
  /** Of the present attempt. */
  stateOf(subtask: SubtaskId): TaskState;
  /** Name for people: `Map -> Sink (2/4)`. */
  describe(subtask: SubtaskId): string;
  /** What a finished subtask said when it finished. */
  leftBy(subtask: SubtaskId): NonNullable<SubtaskSnapshot['finished']>;
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
