import { FlinkError } from '#core';

/** A Hadoop server could not be connected to. */
export class RpcUnreachableError extends FlinkError {
  constructor(
    readonly server: string,
    cause: unknown,
  ) {
    super({
      code: 'HADOOP_RPC_UNREACHABLE',
      message: `cannot connect to the Hadoop server at ${server}: ${cause instanceof Error ? cause.message : String(cause)}`,
      action: 'See that the server runs and that its address in the Hadoop configuration is right.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** A connection to a Hadoop server ended; calls without an answer may or may not have been carried out. */
export class RpcConnectionLostError extends FlinkError {
  constructor(
    readonly server: string,
    reason: string,
    cause?: unknown,
  ) {
    super({
      code: 'HADOOP_RPC_CONNECTION_LOST',
      message: `the connection to the Hadoop server at ${server} ended: ${reason}`,
      action: 'See whether the server was restarted; the call is tried again where that is safe.',
      blame: 'external',
      retriable: true,
      cause,
    });
  }
}

/** A Hadoop server did not answer in time. The connection is given up with the call. */
export class RpcTimeoutError extends FlinkError {
  constructor(
    readonly server: string,
    readonly step: string,
    readonly timeoutMs: number,
  ) {
    super({
      code: 'HADOOP_RPC_TIMEOUT',
      message: `the Hadoop server at ${server} did not answer "${step}" within ${timeoutMs} ms`,
      action: 'See whether the server is overloaded or unreachable.',
      blame: 'external',
      retriable: true,
    });
  }
}

/** A server answered something that is not Hadoop's RPC, or not its version 9. */
export class RpcProtocolError extends FlinkError {
  constructor(
    readonly server: string,
    reason: string,
  ) {
    super({
      code: 'HADOOP_RPC_PROTOCOL',
      message: `the server at ${server} does not speak Hadoop RPC as expected: ${reason}`,
      action: 'See that the address in the Hadoop configuration is that of an RPC port, not of a web page.',
      blame: 'external',
    });
  }
}

/** A Hadoop server refused a call, or the connection as a whole; `remoteClass` is the Java class it names. */
export class HadoopRemoteError extends FlinkError {
  constructor(
    readonly remoteClass: string,
    /** All that the server says; may hold a Java stack trace. */
    readonly remoteMessage: string,
    /** The server ends the connection. */
    readonly fatal: boolean,
    /** Hadoop's number of the kind of error; undefined when it gives none. */
    readonly detail: number | undefined,
  ) {
    const [line = ''] = remoteMessage.split('\n');
    super({
      code: 'HADOOP_REMOTE_ERROR',
      message: `${simpleName(remoteClass)}: ${line}`,
      action: 'Look into the log of the Hadoop server for the reason of the refusal.',
      blame: 'external',
    });
  }

  /** Whether the class has this simple name, such as `ApplicationMasterNotRegisteredException`. */
  is(name: string): boolean {
    return simpleName(this.remoteClass) === name;
  }
}

function simpleName(remoteClass: string): string {
  return remoteClass.split(/[.$]/).at(-1) ?? remoteClass;
}

/** A file of Hadoop credentials cannot be read. */
export class CredentialsFormatError extends FlinkError {
  constructor(reason: string) {
    super({
      code: 'HADOOP_CREDENTIALS_FORMAT',
      message: `the Hadoop credentials cannot be read: ${reason}`,
      action: 'See that HADOOP_TOKEN_FILE_LOCATION names a file that Hadoop wrote.',
      blame: 'external',
    });
  }
}

/** A container is to be started on a node for which the ResourceManager sent no token. */
export class NmTokenMissingError extends FlinkError {
  constructor(readonly node: string) {
    super({
      code: 'YARN_NM_TOKEN_MISSING',
      message: `the ResourceManager sent no token for the NodeManager ${node}`,
      action: 'Look into the log of the ResourceManager.',
      blame: 'external',
    });
  }
}

/** The ResourceManager does not want this application master any more: the application was killed, or a newer attempt of it runs. */
export class ApplicationMasterDismissedError extends FlinkError {
  constructor(reason: string, cause?: unknown) {
    super({
      code: 'YARN_AM_DISMISSED',
      message: `the ResourceManager has dismissed this application master: ${reason}`,
      action: 'See with "yarn application -status" how the application ended.',
      blame: 'external',
      cause,
    });
  }
}
