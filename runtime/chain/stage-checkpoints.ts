import type { FinishStep } from '#api';
import type { StageOutput } from './stage.js';

/** What a stage does as checkpoints come and go. Stages whose state needs no more than to be encoded have none. */
export interface StageCheckpoints {
  /**
   * A barrier has come, all records before it are processed: brings into the operator's state what belongs there. The subtask encodes that
   * state afterwards: at once, or when the promise has ended. Keyed state is encoded as it is at the call.
   */
  snapshot(checkpointId: number, timestampMs: number): void | Promise<void>;
  /** Whether records may be processed while the promise of `snapshot` is pending; else the subtask takes no input until it has ended. */
  readonly snapshotsBesideRecords: boolean;
  /** The checkpoint is complete, and so are all before it. Called in the order of checkpoints; the next one waits for the promise. */
  completed(checkpointId: number): void | Promise<void>;
  /** The checkpoint will never be complete. */
  aborted(checkpointId: number): void | Promise<void>;
  /**
   * Whether, after the end of input, the subtask must see one more checkpoint complete before it ends. Without checkpoints
   * {@link finish} is called instead.
   */
  readonly needsFinalCheckpoint: boolean;
  /** The job takes no checkpoints, and no record follows: answers the steps to take when the job has succeeded. */
  finish(): Promise<readonly FinishStep[]>;
}

/**
 * For stages that emit what comes about beside the records: answers of requests. When there is something they call `OperatorHost.wake`.
 *
 * The subtask asks the stages of its chain from the last to the first, when it was woken and before it takes input. A stage may emit while
 * no output and no sink writer is blocked and no stage behind it is `full`; the gate is open to it then, though the stage itself may be
 * full. Afterwards the gate is blocked as long as any output or writer is blocked or any stage is `full`.
 */
export interface StageAnswers {
  /** Can take no more records for now; it takes the few that are on their way. A stage that becomes full in `process` blocks the gate. */
  readonly full: boolean;
  /** Whether there is something to emit. */
  readonly ready: boolean;
  /**
   * Emits until nothing is ready or the gate is blocked; answers whether anything was emitted. Watermarks among it are given to the stage's
   * `WatermarkOutput`, which blocks the gate until they have gone on: behind what was emitted before and before what is emitted next.
   * @param output of the stage: what is restored may be ready before a record has come.
   */
  emit(output: StageOutput): boolean;
}
