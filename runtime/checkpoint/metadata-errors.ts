import { FlinkError } from '#core';

/** There is no checkpoint or savepoint at a path. */
export class CheckpointNotFoundError extends FlinkError {
  constructor(
    readonly path: string,
    message: string,
    cause?: unknown,
  ) {
    super({
      code: 'CHECKPOINT_NOT_FOUND',
      message,
      action: 'Give the directory of a savepoint or checkpoint, or the "_metadata" file in it, with a path that the JobManager can read.',
      blame: 'user',
      cause,
    });
  }
}

/** The file in which a checkpoint or savepoint is described cannot be read. */
export class UnreadableMetadataError extends FlinkError {
  constructor(
    readonly path: string,
    readonly problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'UNREADABLE_METADATA',
      message: `"${path}" cannot be read as the metadata of a checkpoint or savepoint: ${problem}`,
      action: 'Restore from another checkpoint or savepoint; one of a later version needs that version of flink-ts.',
      blame: 'user',
      cause,
    });
  }
}
