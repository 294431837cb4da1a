import { FlinkError } from '#core';

/** A piece of state is too large to be kept by the JobManager. */
export class StateTooLargeError extends FlinkError {
  constructor(
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super({
      code: 'STATE_TOO_LARGE',
      message:
        'Size of the state is larger than the maximum permitted memory-backed state. ' +
        `Size=${sizeBytes}, maxSize=${limitBytes}. Consider using a different checkpoint storage, like the FileSystemCheckpointStorage.`,
      action:
        'Set "execution.checkpointing.storage: filesystem" and "execution.checkpointing.dir" to a directory that all machines see, ' +
        'so that state goes into files.',
      blame: 'user',
    });
  }
}

/** A file of a snapshot holds less than was written, or is gone. */
export class SnapshotDamagedError extends FlinkError {
  constructor(
    readonly path: string,
    readonly problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'SNAPSHOT_DAMAGED',
      message: `file "${path}" of a checkpoint is damaged: ${problem}`,
      action: 'Restore from an older checkpoint or a savepoint, and find out who changed or deleted the file.',
      blame: 'external',
      cause,
    });
  }
}
