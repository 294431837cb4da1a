import { FlinkError } from '#core';

/** The connection to a socket could not be made, or broke. */
export class SocketFailedError extends FlinkError {
  constructor(
    readonly host: string,
    readonly port: number,
    cause: unknown,
  ) {
    super({
      code: 'SOCKET_FAILED',
      message: `the connection to "${host}:${port}" ${cause === undefined ? 'was closed by the server' : `failed: ${textOf(cause)}`}`,
      action: 'See that a server listens there and can be reached from the TaskManagers.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** What came over a socket has no delimiter for too long. */
export class SocketRecordTooLargeError extends FlinkError {
  constructor(
    readonly host: string,
    readonly port: number,
    readonly limitBytes: number,
  ) {
    super({
      code: 'SOCKET_RECORD_TOO_LARGE',
      message: `"${host}:${port}" sent more than ${limitBytes} bytes without a delimiter`,
      action: 'See that the delimiter given to "socketTextStream" is the one the server sends.',
      blame: 'external',
    });
  }
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
