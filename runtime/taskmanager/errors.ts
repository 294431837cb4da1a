import { FlinkError, type TaskManagerId } from '#core';

/** A directory for temporary files is missing or cannot be written to. */
export class UnusableTempDirError extends FlinkError {
  constructor(
    readonly directory: string,
    readonly key: string,
    readonly problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'UNUSABLE_TEMP_DIR',
      message: `temporary directory "${directory}", named by "${key}", ${problem}`,
      action: `Create the directory and let this user write to it, or set "${key}" to others.`,
      blame: 'user',
      cause,
    });
  }
}

/** No JobManager took the TaskManager in time. */
export class RegistrationTimeoutError extends FlinkError {
  constructor(
    readonly waitedMs: number,
    cause: unknown,
  ) {
    super({
      code: 'REGISTRATION_TIMEOUT',
      message: `could not register at a JobManager within ${waitedMs} ms: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Check "jobmanager.rpc.address" and "jobmanager.rpc.port", or raise "taskmanager.maxRegistrationDuration".',
      blame: 'external',
      cause,
    });
  }
}

/** A JobManager gave a slot something to run that is running something. */
export class SlotOccupiedError extends FlinkError {
  constructor(
    readonly taskManagerId: TaskManagerId,
    readonly slot: number,
  ) {
    super({
      code: 'SLOT_OCCUPIED',
      message: `slot ${slot} of TaskManager "${taskManagerId}" is in use`,
      action: 'The job is started again if it may be; otherwise submit it again.',
      blame: 'internal',
      retriable: true,
    });
  }
}

/** The TaskManager has fewer slots than the JobManager thinks. */
export class NoSuchSlotError extends FlinkError {
  constructor(
    readonly taskManagerId: TaskManagerId,
    readonly slot: number,
  ) {
    super({
      code: 'NO_SUCH_SLOT',
      message: `TaskManager "${taskManagerId}" has no slot ${slot}`,
      action: 'This is a defect of flink-ts: please report it with the log.',
      blame: 'internal',
    });
  }
}

/** The thread of a slot used more memory than it may. */
export class SlotOutOfMemoryError extends FlinkError {
  constructor(
    readonly limitMb: number,
    cause: unknown,
  ) {
    super({
      code: 'SLOT_OUT_OF_MEMORY',
      message: `the tasks of a slot used more than the ${limitMb} MB of heap that a slot has`,
      action: 'Raise "taskmanager.heap.mb", lower "taskmanager.numberOfTaskSlots", or keep less in the functions of the program.',
      blame: 'user',
      cause,
    });
  }
}

/** The program ended the thread that it ran in. */
export class SlotThreadExitedError extends FlinkError {
  constructor(readonly exitCode: number) {
    super({
      code: 'SLOT_THREAD_EXITED',
      message: `the thread of a slot ended with code ${exitCode} while its tasks ran: the program called "process.exit"`,
      action: 'Throw an error to make a job fail; let functions return for it to finish.',
      blame: 'user',
    });
  }
}

/** Something in the program failed where nobody could catch it: in a callback, a timer, or an unhandled rejection. */
export class SlotThreadCrashedError extends FlinkError {
  constructor(cause: Error) {
    super({
      code: 'SLOT_THREAD_CRASHED',
      message: `an error was thrown outside of any function of a task: ${cause.message}`,
      action: 'Catch errors in callbacks, timers and promises of the program.',
      blame: 'user',
      cause,
    });
  }
}
