import { FlinkError } from '#core';

/** The YARN properties file cannot be used. */
export class YarnPropertiesFileError extends FlinkError {
  constructor(
    readonly file: string,
    message: string,
    cause?: unknown,
  ) {
    super({
      code: 'YARN_PROPERTIES_FILE',
      message,
      action: `Remove it with "rm ${file}", or say with "-m" or "-yid" which cluster is meant.`,
      blame: 'user',
      cause,
    });
  }
}
