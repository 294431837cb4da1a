import { FlinkError } from '#core';

/** No state backend has that name. */
export class UnknownStateBackendError extends FlinkError {
  constructor(readonly backend: string) {
    super({
      code: 'UNKNOWN_STATE_BACKEND',
      message: `there is no state backend "${backend}"`,
      action: 'Set "state.backend" to "hashmap", "rocksdb", "jobmanager" or "filesystem".',
      blame: 'user',
    });
  }
}

/** Checkpoints cannot go there. */
export class UnknownCheckpointStorageError extends FlinkError {
  constructor(readonly storage: string) {
    super({
      code: 'UNKNOWN_CHECKPOINT_STORAGE',
      message: `there is no checkpoint storage "${storage}"`,
      action: 'Set "execution.checkpointing.storage" to "jobmanager" or "filesystem".',
      blame: 'user',
    });
  }
}

/** Checkpoints are to be files, and nothing says where. */
export class CheckpointDirectoryMissingError extends FlinkError {
  constructor() {
    super({
      code: 'CHECKPOINT_DIRECTORY_MISSING',
      message:
        'Cannot create the file system state backend: The configuration does not specify the checkpoint directory ' +
        "'state.backend.fs.checkpointdir'",
      action: 'Set "execution.checkpointing.dir" to a directory that all machines of the cluster see.',
      blame: 'user',
    });
  }
}
