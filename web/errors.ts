import { FlinkError } from '#core';

/** Nothing is served under that path. */
export class ResourceNotFoundError extends FlinkError {
  constructor(readonly path: string) {
    super({
      code: 'RESOURCE_NOT_FOUND',
      message: `Unable to load requested file ${path}.`,
      action: 'Begin at "/overview", "/jobs" or "/taskmanagers", also below "/v1"; the ids they give lead further.',
      blame: 'user',
    });
  }
}

/** A part of a job or a cluster that a path names is not there. */
export class EntityNotFoundError extends FlinkError {
  constructor(
    what: string,
    readonly id: string,
  ) {
    super({
      code: 'ENTITY_NOT_FOUND',
      message: `${what} ${id} not found`,
      action: 'Take the id from the list one path above.',
      blame: 'user',
    });
  }
}

/** A log was asked for that this process cannot read. */
export class LogNotFoundError extends FlinkError {
  constructor(what: string, reason: string) {
    super({
      code: 'LOG_NOT_FOUND',
      message: `the ${what} ${reason}`,
      action: 'Look in the log directory of that host.',
      blame: 'external',
    });
  }
}

/** A request has the path of something, but not its form. */
export class MalformedRequestError extends FlinkError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'MALFORMED_REQUEST',
      message: `Bad request received: ${problem}`,
      action: 'Send what the path expects; the version of the client may differ from that of the cluster.',
      blame: 'user',
      cause,
    });
  }
}

/** None of the ports that the web server may listen on is free. */
export class WebPortInUseError extends FlinkError {
  constructor(
    readonly host: string,
    readonly ports: string,
    cause: unknown,
  ) {
    super({
      code: 'WEB_PORT_IN_USE',
      message: `the REST server cannot listen on port ${ports} of "${host}": address already in use`,
      action: 'Stop the process that uses it, or set "rest.port" to another port, a range, or 0.',
      blame: 'user',
      cause,
    });
  }
}

/** The address of the web server is none of this machine. */
export class WebAddressError extends FlinkError {
  constructor(
    readonly host: string,
    cause: unknown,
  ) {
    super({
      code: 'WEB_ADDRESS',
      message: `the REST server cannot listen on "${host}": ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'Set "rest.bind-address" to an address of this machine.',
      blame: 'user',
      cause,
    });
  }
}
