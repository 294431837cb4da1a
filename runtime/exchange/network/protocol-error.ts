import { FlinkError } from '#core';

/** The other side of a data connection does not follow the protocol, or may not take part. */
export class ProtocolError extends FlinkError {
  constructor(readonly what: string) {
    super({
      code: 'DATA_PROTOCOL',
      message: `data connection broke the protocol: ${what}`,
      action: 'Make sure that only TaskManagers of the same cluster and version connect to the data port.',
      blame: 'external',
    });
  }
}
