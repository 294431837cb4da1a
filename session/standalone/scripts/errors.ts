import { FlinkError } from '#core';

/** `env.java.home` is not the home of a Node installation. */
export class RuntimeHomeError extends FlinkError {
  constructor(
    key: string,
    readonly home: string,
    readonly path: string,
    cause: unknown,
  ) {
    super({
      code: 'RUNTIME_HOME',
      message: `"${key}" is "${home}", but "${path}" is not there or cannot be executed`,
      action: `Set "${key}" to the directory of a Node installation, or leave it out.`,
      blame: 'user',
      cause,
    });
  }
}

/** A script was called with arguments that it does not have. */
export class ScriptUsageError extends FlinkError {
  constructor(readonly usage: string) {
    super({ code: 'SCRIPT_USAGE', message: `Usage: ${usage}`, action: 'Call the script as shown.', blame: 'user' });
  }
}

/** A directory that the scripts write to cannot be made or written. */
export class ScriptDirectoryError extends FlinkError {
  constructor(
    readonly key: string,
    readonly directory: string,
    cause: unknown,
  ) {
    super({
      code: 'SCRIPT_DIRECTORY',
      message: `cannot write to "${directory}" (${key}): ${cause instanceof Error ? cause.message : String(cause)}`,
      action: `Make the directory writable, or set "${key}" to another one.`,
      blame: 'user',
      cause,
    });
  }
}

/** A process that a script started ended before it was ready. */
export class DaemonFailedError extends FlinkError {
  constructor(
    readonly daemon: string,
    readonly exitCode: number | undefined,
    readonly told: string,
    readonly logFile: string,
  ) {
    super({
      code: 'DAEMON_FAILED',
      message:
        told === ''
          ? `the ${daemon} ended with exit code ${exitCode ?? 'unknown'} before it was ready`
          : `the ${daemon} could not start: ${told}`,
      action: `See "${logFile}" and the file beside it that ends in ".out".`,
      blame: 'user',
    });
  }
}

/** A command on another host failed. */
export class RemoteCommandError extends FlinkError {
  constructor(
    readonly host: string,
    readonly command: string,
    readonly exitCode: number | undefined,
  ) {
    super({
      code: 'REMOTE_COMMAND',
      message: `"${command}" on ${host} ended with exit code ${exitCode ?? 'unknown'}`,
      action: 'Check that ssh reaches the host without a password and finds the same installation there.',
      blame: 'external',
    });
  }
}
