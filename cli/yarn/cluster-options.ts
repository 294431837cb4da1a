import type { FlagSettings } from '../action.js';
import type { CliOption } from '../arguments/cli-option.js';
import type { ParsedAction } from '../arguments/parse-action.js';
import { UsageError } from '../errors.js';

/** The options that say what a YARN cluster is like, in the one spelling of `yarn-session`. */
interface ClusterOption {
  readonly short: string;
  readonly long: string;
  readonly argument?: string;
  readonly description: string;
  readonly hidden?: boolean;
  /** The option of the configuration that it stands for. */
  readonly key?: string;
  readonly repeatable?: boolean;
}

const OPTIONS: readonly ClusterOption[] = [
  {
    short: 'n',
    long: 'container',
    argument: 'arg',
    description: 'Number of YARN container to allocate (=Number of Task Managers). Without it, they come and go with the need for them.',
  },
  {
    short: 'jm',
    long: 'jobManagerMemory',
    argument: 'arg',
    key: 'jobmanager.heap.mb',
    description: 'Memory for JobManager Container [in MB, or with a unit]',
  },
  {
    short: 'tm',
    long: 'taskManagerMemory',
    argument: 'arg',
    key: 'taskmanager.heap.mb',
    description: 'Memory per TaskManager Container [in MB, or with a unit]',
  },
  { short: 's', long: 'slots', argument: 'arg', key: 'taskmanager.numberOfTaskSlots', description: 'Number of slots per TaskManager' },
  {
    short: 'nm',
    long: 'name',
    argument: 'arg',
    key: 'yarn.application.name',
    description: 'Set a custom name for the application on YARN',
  },
  { short: 'qu', long: 'queue', argument: 'arg', key: 'yarn.application.queue', description: 'Specify YARN queue.' },
  {
    short: 'at',
    long: 'applicationType',
    argument: 'arg',
    key: 'yarn.application.type',
    description: 'Set a custom application type for the application on YARN',
  },
  {
    short: 'nl',
    long: 'nodeLabel',
    argument: 'arg',
    key: 'yarn.application.node-label',
    description: 'Specify YARN node label for the YARN application',
  },
  {
    short: 't',
    long: 'ship',
    argument: 'arg',
    repeatable: true,
    description: 'Ship files in the specified directory (t for transfer)',
  },
  {
    short: 'z',
    long: 'zookeeperNamespace',
    argument: 'arg',
    key: 'high-availability.cluster-id',
    description: 'Namespace to create the Zookeeper sub-paths for high availability mode',
  },
  { short: 'j', long: 'jar', argument: 'arg', description: 'Accepted, and of no effect: flink-ts ships itself', hidden: true },
  { short: 'st', long: 'streaming', description: 'Accepted, and of no effect', hidden: true },
  { short: 'f6', long: 'flip6', description: 'Accepted, and of no effect', hidden: true },
];

/** How the options are written: as they are for `yarn-session`, with `y` and `yarn` before them for `run`. */
export type Spelling = 'plain' | 'prefixed';

function longName(long: string, spelling: Spelling): string {
  return spelling === 'plain' ? long : `yarn${long}`;
}

/** The options that say what a cluster is like. */
export function clusterOptions(spelling: Spelling): readonly CliOption[] {
  const prefix = spelling === 'plain' ? '' : 'y';
  return OPTIONS.map(({ short, long, argument, repeatable, hidden, description }) => ({
    short: `${prefix}${short}`,
    long: longName(long, spelling),
    description,
    ...(argument === undefined ? {} : { argument }),
    ...(repeatable === undefined ? {} : { repeatable }),
    ...(hidden === undefined ? {} : { hidden }),
  }));
}

/** What these options say of the configuration. */
export function clusterSettings(parsed: ParsedAction, spelling: Spelling): FlagSettings {
  const prefix = spelling === 'plain' ? '' : 'y';
  return OPTIONS.flatMap(({ short, long, key }) => {
    const value = parsed.value(longName(long, spelling));
    return key === undefined || value === undefined ? [] : [{ flag: `-${prefix}${short}`, key, value }];
  });
}

/** `-n`: undefined when it was not given. Throws `UsageError`. */
export function taskManagerCount(parsed: ParsedAction, spelling: Spelling): number | undefined {
  const text = parsed.value(longName('container', spelling));
  if (text === undefined) return undefined;
  if (!/^-?\d{1,6}$/.test(text)) throw new UsageError(`The number of TaskManagers must be a number: ${text}`);
  return Number(text);
}

/** `-t`: what is to be shipped. */
export function shippedDirectories(parsed: ParsedAction, spelling: Spelling): readonly string[] {
  return parsed.values(longName('ship', spelling));
}

/** Options of `run` for clusters on YARN. */
export const RUN_ON_YARN_OPTIONS: readonly CliOption[] = [
  ...clusterOptions('prefixed'),
  { short: 'yd', long: 'yarndetached', description: 'Start detached' },
  {
    short: 'yD',
    long: 'yarndynamic',
    argument: 'property=value',
    repeatable: true,
    description: 'Set an option of the configuration, as "-D" does.',
  },
  { short: 'yq', long: 'yarnquery', description: 'Display available YARN resources (memory, cores)' },
];
