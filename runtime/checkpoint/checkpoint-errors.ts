import { FlinkError, type JobId } from '#core';

/** Names of at most so many subtasks are told. */
const TOLD = 10;

function listOf(names: readonly string[]): string {
  const more = names.length > TOLD ? ` and ${names.length - TOLD} more` : '';
  return `${names.slice(0, TOLD).join(', ')}${more}`;
}

/** Some subtasks did not acknowledge a checkpoint in time. */
export class CheckpointExpiredError extends FlinkError {
  constructor(
    readonly checkpointId: number,
    readonly jobId: JobId,
    readonly timeoutMs: number,
    readonly missing: readonly string[],
  ) {
    super({
      code: 'CHECKPOINT_EXPIRED',
      message:
        `Checkpoint ${checkpointId} of job ${jobId} expired before completing. ` +
        `Within ${timeoutMs} ms it was not acknowledged by ${listOf(missing)}.`,
      action: 'Look for back pressure at these subtasks, or raise "execution.checkpointing.timeout".',
      blame: 'internal',
      retriable: true,
    });
  }
}

/** A subtask could not take its snapshot. */
export class CheckpointDeclinedError extends FlinkError {
  constructor(
    readonly checkpointId: number,
    readonly jobId: JobId,
    readonly subtask: string,
    cause: Error,
  ) {
    super({
      code: 'CHECKPOINT_DECLINED',
      message: `Checkpoint ${checkpointId} of job ${jobId} was declined by ${subtask}: ${cause.message}`,
      action: 'See the cause: it tells what the snapshot of that subtask ran into.',
      blame: 'internal',
      retriable: true,
      cause,
    });
  }
}

/** A checkpoint cannot begin. */
export class CheckpointNotPossibleError extends FlinkError {
  constructor(
    readonly jobId: JobId,
    readonly reason: string,
  ) {
    super({
      code: 'CHECKPOINT_NOT_POSSIBLE',
      message: `Checkpoint triggering failed for job ${jobId}. Failure reason: ${reason}`,
      action: 'Try again when all tasks of the job run.',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A checkpoint was given up for what happened to the job. */
export class CheckpointAbortedError extends FlinkError {
  constructor(
    readonly checkpointId: number,
    readonly jobId: JobId,
    readonly reason: string,
    cause?: unknown,
  ) {
    super({
      code: 'CHECKPOINT_ABORTED',
      message: `Checkpoint ${checkpointId} of job ${jobId} was aborted: ${reason}`,
      action: 'When the job runs, the next checkpoint or savepoint can be made.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** More checkpoints in a row failed than the job is to go on with. */
export class CheckpointFailuresExceededError extends FlinkError {
  constructor(
    readonly tolerated: number,
    cause: Error,
  ) {
    super({
      code: 'CHECKPOINT_FAILURES_EXCEEDED',
      message: `Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to ${cause.message}`,
      action: `Mend what the checkpoint ran into, or raise "execution.checkpointing.tolerable-failed-checkpoints" above ${tolerated}.`,
      blame: 'internal',
      retriable: true,
      cause,
    });
  }
}

/** Nothing says where a savepoint is to go. */
export class NoSavepointDirectoryError extends FlinkError {
  constructor() {
    super({
      code: 'NO_SAVEPOINT_DIRECTORY',
      message:
        'No savepoint directory configured. You can either specify a directory while cancelling via -s :targetDirectory ' +
        "or configure a cluster-wide default via key 'state.savepoints.dir'.",
      action: 'Give a directory, or set "state.savepoints.dir" (also "execution.checkpointing.savepoint-dir").',
      blame: 'user',
    });
  }
}
