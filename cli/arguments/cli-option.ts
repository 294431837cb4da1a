/** An option of a command, as it is written in the help. */
export interface CliOption {
  /** One letter or a few, after one dash. */
  readonly short?: string;
  /** After two dashes; also the name of its value. */
  readonly long: string;
  /** Name of its argument in the help; undefined: a switch. */
  readonly argument?: string;
  readonly repeatable?: boolean;
  readonly description: string;
  /** Accepted, but not shown. */
  readonly hidden?: boolean;
}

export const HELP: CliOption = { short: 'h', long: 'help', description: 'Show the help message for the CLI Frontend or the action.' };
export const VERBOSE: CliOption = { short: 'v', long: 'verbose', description: 'Show stack traces of errors.' };

export const DYNAMIC: CliOption = {
  short: 'D',
  long: 'dynamic',
  argument: 'property=value',
  repeatable: true,
  description: 'Set an option of the configuration; wins over everything else.',
};
export const TARGET: CliOption = {
  short: 't',
  long: 'target',
  argument: 'target',
  description: 'Where to run: "local" or "remote". Sets "execution.target".',
};
const EXECUTOR: CliOption = { short: 'e', long: 'executor', argument: 'target', description: 'Old name of "-t".', hidden: true };
export const JOB_MANAGER: CliOption = {
  short: 'm',
  long: 'jobmanager',
  argument: 'host:port',
  description: 'REST address of the JobManager to connect to. Wins over the one in the configuration.',
};

/** Options of every action that talks to a cluster. */
export const CLUSTER_OPTIONS: readonly CliOption[] = [HELP, VERBOSE, JOB_MANAGER, TARGET, EXECUTOR, DYNAMIC];
