import { FlinkError } from '#core';

/** The command line is not one that can be carried out. Told on the standard output, with a hint at the help. */
export class UsageError extends FlinkError {
  constructor(message: string, action = 'Use the help option (-h or --help) to get help on the command.') {
    super({ code: 'USAGE', message, action, blame: 'user' });
  }
}

/** No cluster can be told from the command line or the configuration. */
export class NoClusterAddressError extends FlinkError {
  constructor(readonly tried: string) {
    super({
      code: 'NO_CLUSTER_ADDRESS',
      message: 'The JobManager address is neither provided at the command-line, nor configured in flink-conf.yaml.',
      action: `Give it with "-m host:port", or set "rest.address"; nothing answers at ${tried}, where a cluster on this machine would be.`,
      blame: 'user',
    });
  }
}

/** The execution target is none that this version has. */
export class UnknownTargetError extends FlinkError {
  constructor(readonly target: string) {
    super({
      code: 'UNKNOWN_TARGET',
      message: `No ClusterClientFactory found for the execution target "${target}"`,
      action: 'Known are "local", "remote", "yarn-session", "yarn-per-job" and "yarn-application".',
      blame: 'user',
    });
  }
}

/** The user ended the command by Ctrl-C or a signal. */
export class InterruptedError extends FlinkError {
  constructor(readonly signal: 'SIGINT' | 'SIGTERM') {
    super({ code: 'INTERRUPTED', message: `ended by ${signal}`, action: 'Run the command again.', blame: 'user' });
  }
}
