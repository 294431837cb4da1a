import { FlinkError } from '#core';

/** The other side would not talk to us: another version, cluster or secret, or not a flink-ts port at all. */
export class HandshakeRefusedError extends FlinkError {
  constructor(
    readonly peer: string,
    readonly reason: string,
  ) {
    super({
      code: 'HANDSHAKE_REFUSED',
      message: `${peer} refused the connection: ${reason}`,
      action: 'Check that both processes run the same version with the same cluster id and secret, and that the port is the right one.',
      blame: 'user',
    });
  }
}

/** The connection to another process of the cluster is gone, or could not be made. */
export class ControlConnectionLostError extends FlinkError {
  constructor(
    readonly peer: string,
    readonly reason: string,
    cause?: unknown,
    /** The other side has said goodbye, and why. */
    readonly orderly = false,
  ) {
    super({
      code: 'CONTROL_CONNECTION_LOST',
      message: `connection to ${peer} is closed: ${reason}`,
      action: 'See the log of the other process for why it went away.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** Nobody answers at an address. */
export class ConnectFailedError extends FlinkError {
  constructor(
    readonly peer: string,
    cause: unknown,
  ) {
    super({
      code: 'CONNECT_FAILED',
      message: `cannot connect to ${peer}: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Check that the process is running, and that address and port are reachable from here.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** The other side did not answer in time. */
export class RequestTimeoutError extends FlinkError {
  constructor(
    readonly peer: string,
    readonly request: string,
    readonly timeoutMs: number,
  ) {
    super({
      code: 'REQUEST_TIMEOUT',
      message: `${peer} did not answer "${request}" within ${timeoutMs} ms`,
      action: 'Look for an overloaded or paused process, or raise "akka.ask.timeout".',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A message is larger than one process of the cluster takes from another. */
export class MessageTooLargeError extends FlinkError {
  constructor(
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super({
      code: 'MESSAGE_TOO_LARGE',
      message: `a message of ${sizeBytes} bytes is larger than the limit of ${limitBytes} bytes`,
      action: 'Raise "akka.framesize" in every process of the cluster.',
      blame: 'user',
    });
  }
}

/** What came in is not a message of this protocol. */
export class MalformedMessageError extends FlinkError {
  constructor(
    readonly where: string,
    readonly expected: string,
  ) {
    super({
      code: 'MALFORMED_MESSAGE',
      message: `"${where}" of a control message is not ${expected}`,
      action: 'Check that every process of the cluster runs the same version.',
      blame: 'internal',
    });
  }
}

/** None of the configured ports can be bound. */
export class PortUnavailableError extends FlinkError {
  constructor(
    readonly host: string,
    readonly ports: string,
    readonly key: string,
    cause: unknown,
  ) {
    super({
      code: 'PORT_UNAVAILABLE',
      message: `cannot listen on ${host}:${ports}: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: `Stop the process that uses the port, or set "${key}" to another port or a range of ports.`,
      blame: 'user',
      cause,
    });
  }
}
