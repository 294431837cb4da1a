import { FlinkError } from '#core';

/** Hadoop asks for a kind of authentication that this version does not have. */
export class KerberosNotSupportedError extends FlinkError {
  constructor(
    readonly kind: string,
    readonly file: string | undefined,
  ) {
    super({
      code: 'KERBEROS_NOT_SUPPORTED',
      message: `"hadoop.security.authentication" is "${kind}"${file === undefined ? '' : ` (${file})`}`,
      action: 'This version of flink-ts reaches Hadoop with "simple" authentication only.',
      blame: 'user',
    });
  }
}
