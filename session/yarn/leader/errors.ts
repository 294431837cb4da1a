import { FlinkError } from '#core';

/** The file that tells where the ApplicationMaster is does not say so. */
export class LeaderFileError extends FlinkError {
  constructor(
    readonly path: string,
    text: string,
  ) {
    super({
      code: 'YARN_LEADER_FILE',
      message: `"${path}" does not tell where the ApplicationMaster is: "${text.slice(0, 80)}"`,
      action: 'Let nothing but the ApplicationMaster write into the staging directory.',
      blame: 'external',
      retriable: true,
    });
  }
}
