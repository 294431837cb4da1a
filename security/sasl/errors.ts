import { FlinkError } from '#core';

/** A SASL handshake did not succeed, or a message of the connection it protects was not what the peer sent. */
export class SaslError extends FlinkError {
  constructor(reason: string) {
    super({
      code: 'SASL_FAILED',
      message: `SASL DIGEST-MD5: ${reason}`,
      action: 'See that the server is the one meant, and that both sides allow a common quality of protection.',
      blame: 'external',
    });
  }
}
