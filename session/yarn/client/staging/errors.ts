import type { FileSystemError } from '#core';
import { FlinkError } from '#core';

/** The user may not put files where applications are staged. */
export class StagingDirectoryError extends FlinkError {
  constructor(
    readonly directory: string,
    cause: FileSystemError,
  ) {
    super({
      code: 'STAGING_DIRECTORY',
      message: `applications cannot be staged in "${directory}": ${cause.reason}`,
      action:
        'Let an administrator make your home directory in HDFS and give it to you ("hdfs dfs -mkdir -p", "hdfs dfs -chown"), ' +
        'or name a directory that you may write to with "yarn.staging-directory".',
      blame: 'user',
      cause,
    });
  }
}
