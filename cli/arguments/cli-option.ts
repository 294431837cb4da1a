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
  description: 'Where to run: "local", "remote", "yarn-session", "yarn-per-job" or "yarn-application". Sets "execution.target".',
};
const EXECUTOR: CliOption = { short: 'e', long: 'executor', argument: 'target', description: 'Old name of "-t".', hidden: true };
export const JOB_MANAGER: CliOption = {
  short: 'm',
  long: 'jobmanager',
  argument: 'host:port',
  description:
    'REST address of the JobManager to connect to, or "yarn-cluster" for a new cluster on YARN. Wins over the one in the configuration.',
};

export const YARN_APPLICATION_ID: CliOption = {
  short: 'yid',
  long: 'yarnapplicationId',
  argument: 'arg',
  description: 'Attach to running YARN session',
};
const ZOOKEEPER_NAMESPACE: CliOption = {
  short: 'z',
  long: 'zookeeperNamespace',
  argument: 'arg',
  description: 'Namespace to create the Zookeeper sub-paths for high availability mode',
};

/** Options of every action that talks to a cluster. */
export const CLUSTER_OPTIONS: readonly CliOption[] = [
  HELP,
  VERBOSE,
  JOB_MANAGER,
  TARGET,
  EXECUTOR,
  YARN_APPLICATION_ID,
  ZOOKEEPER_NAMESPACE,
  DYNAMIC,
];
