import { FlinkError, type JobId, type TaskManagerId } from '#core';

/** There is no such job, or it ended too long ago to be remembered. */
export class JobNotFoundError extends FlinkError {
  constructor(readonly jobId: JobId) {
    super({
      code: 'JOB_NOT_FOUND',
      message: `Could not find Flink job (${jobId})`,
      action: 'Take the job id from "flink-ts list"; "web.history" says how many ended jobs are remembered.',
      blame: 'user',
    });
  }
}

/** A job that has ended otherwise cannot be cancelled any more. */
export class JobAlreadyEndedError extends FlinkError {
  constructor(
    readonly jobId: JobId,
    readonly state: string,
  ) {
    super({
      code: 'JOB_ALREADY_ENDED',
      message: `Job cancellation failed because the job ${jobId} has already reached another terminal state (${state})`,
      action: 'There is nothing left to cancel; "flink-ts list -a" shows the jobs that have ended.',
      blame: 'user',
    });
  }
}

/** A job of that id was submitted before. */
export class DuplicateJobError extends FlinkError {
  constructor(readonly jobId: JobId) {
    super({
      code: 'DUPLICATE_JOB',
      message: `job "${jobId}" was already submitted`,
      action: 'Run the program again: every run gets an id of its own.',
      blame: 'user',
    });
  }
}

/** A job graph does not hold together. */
export class InvalidJobGraphError extends FlinkError {
  constructor(
    readonly jobId: JobId,
    readonly problem: string,
  ) {
    super({
      code: 'INVALID_JOB_GRAPH',
      message: `the graph of job "${jobId}" is not valid: ${problem}`,
      action: 'Submit with a client of the same version as the cluster.',
      blame: 'internal',
    });
  }
}

/** A TaskManager is gone, and with it the tasks it ran. */
export class TaskManagerLostError extends FlinkError {
  constructor(
    readonly taskManagerId: TaskManagerId,
    readonly reason: string,
  ) {
    super({
      code: 'TASK_MANAGER_LOST',
      message: `TaskManager "${taskManagerId}" was lost: ${reason}`,
      action: 'Look at the end of its log, and whether its machine killed it (out of memory, for example).',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A TaskManager wants to register that is not, or no more, one of this cluster. */
export class TaskManagerRefusedError extends FlinkError {
  constructor(readonly taskManagerId: TaskManagerId) {
    super({
      code: 'TASK_MANAGER_REFUSED',
      message: `TaskManager "${taskManagerId}" is not one of this cluster, or was given up`,
      action: 'Nothing: it ends by itself after "taskmanager.maxRegistrationDuration".',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A TaskManager could not begin what it was told to. */
export class DeploymentFailedError extends FlinkError {
  constructor(
    readonly taskManagerId: TaskManagerId,
    cause: Error,
  ) {
    super({
      code: 'DEPLOYMENT_FAILED',
      message: `tasks could not be deployed to TaskManager "${taskManagerId}": ${cause.message}`,
      action: 'See the cause and the log of the TaskManager.',
      blame: 'internal',
      retriable: true,
      cause,
    });
  }
}

/** A slot gave itself free although its tasks had neither finished nor failed. */
export class SlotEndedError extends FlinkError {
  constructor(
    readonly taskManagerId: TaskManagerId,
    readonly slot: number,
  ) {
    super({
      code: 'SLOT_ENDED',
      message: `slot ${slot} of TaskManager "${taskManagerId}" ended before its tasks had finished`,
      action: 'Look into the log of the TaskManager.',
      blame: 'internal',
      retriable: true,
    });
  }
}

/** The JobManager stops and takes no jobs; those that did not end in time are given up. */
export class JobManagerShutDownError extends FlinkError {
  constructor() {
    super({
      code: 'JOB_MANAGER_SHUT_DOWN',
      message: 'the JobManager is shutting down',
      action: 'Submit the job to another cluster, or start this one again.',
      blame: 'external',
    });
  }
}

/** A batch job makes no checkpoints or savepoints. */
export class NoCheckpointsError extends FlinkError {
  constructor(readonly jobId: JobId) {
    super({
      code: 'NO_CHECKPOINTS',
      message: `Job ${jobId} is not a streaming job.`,
      action: 'Run the program in streaming mode to make checkpoints and savepoints of it.',
      blame: 'user',
    });
  }
}
