import type { KeyValues } from '#conf';
import { joinDynamicProperties, splitDynamicProperties } from './dynamic-properties.js';
import { LaunchEnvironmentError } from './errors.js';
import { HADOOP_RESOURCE } from './names.js';
import type { LocalResource } from './local-resource.js';

/**
 * How long an application lives:
 * - `session`: until it is stopped.
 * - `jobs`: until the client that made it stops it; its final status is FAILED when one of its jobs failed.
 * - `one-job`: until its first job has ended; its final status is that of the job.
 * - `application`: it runs `main` of a program by itself, and ends with it.
 */
export type ClusterMode = 'session' | 'jobs' | 'one-job' | 'application';

const MODES: readonly string[] = ['session', 'jobs', 'one-job', 'application'] satisfies readonly ClusterMode[];

/** What the client tells the ApplicationMaster, in its environment. */
export interface LaunchSettings {
  readonly applicationId: string;
  /** The user's home directory in the file system of the cluster, as a URI. */
  readonly homeDirectory: string;
  /** `<home>/.flink/<application id>`, as a URI. The ApplicationMaster removes it at the end. */
  readonly stagingDirectory: string;
  /** Undefined: TaskManagers come and go with the need for them. */
  readonly taskManagerCount: number | undefined;
  /** Size of a TaskManager's container, MB. */
  readonly taskManagerMemoryMb: number;
  readonly slotsPerTaskManager: number;
  readonly detached: boolean;
  readonly mode: ClusterMode;
  /** Set for the session; stronger than the configuration file that ships with it. */
  readonly dynamicProperties: KeyValues;
  readonly zookeeperNamespace: string;
  readonly userName: string;
  /** What every TaskManager's container gets, too. */
  readonly localResources: readonly LocalResource[];
}

/** The number of TaskManagers in the environment when they are started on demand. */
const ON_DEMAND = -1;

/** The environment of the ApplicationMaster's container. YARN writes values into a shell script as they are: what has quotes is base64. */
export function toLaunchEnvironment(settings: LaunchSettings): KeyValues {
  return {
    _APP_ID: settings.applicationId,
    _CLIENT_HOME_DIR: settings.homeDirectory,
    _FLINK_YARN_FILES: settings.stagingDirectory,
    _CLIENT_TM_COUNT: String(settings.taskManagerCount ?? ON_DEMAND),
    _CLIENT_TM_MEMORY: String(settings.taskManagerMemoryMb),
    _SLOTS: String(settings.slotsPerTaskManager),
    _DETACHED: String(settings.detached),
    _FLINK_CLUSTER_MODE: settings.mode,
    _DYNAMIC_PROPERTIES: toBase64(joinDynamicProperties(settings.dynamicProperties)),
    _ZOOKEEPER_NAMESPACE: settings.zookeeperNamespace,
    HADOOP_USER_NAME: settings.userName,
    HADOOP_CONF_DIR: `./${HADOOP_RESOURCE}`,
    _FLINK_LOCAL_RESOURCES: toBase64(JSON.stringify(settings.localResources)),
  };
}

/** Reads in the container what the client wrote. Throws {@link LaunchEnvironmentError}. */
export function fromLaunchEnvironment(environment: Readonly<Record<string, string | undefined>>): LaunchSettings {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined) throw new LaunchEnvironmentError(name, 'is not set');
    return value;
  };
  const integer = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isSafeInteger(value)) throw new LaunchEnvironmentError(name, `is "${text(name)}", not a whole number`);
    return value;
  };
  const count = integer('_CLIENT_TM_COUNT');
  return {
    applicationId: text('_APP_ID'),
    homeDirectory: text('_CLIENT_HOME_DIR'),
    stagingDirectory: text('_FLINK_YARN_FILES'),
    taskManagerCount: count === ON_DEMAND ? undefined : count,
    taskManagerMemoryMb: integer('_CLIENT_TM_MEMORY'),
    slotsPerTaskManager: integer('_SLOTS'),
    detached: environment['_DETACHED'] === 'true',
    mode: modeOf(environment['_FLINK_CLUSTER_MODE'] ?? 'session'),
    dynamicProperties: splitDynamicProperties(fromBase64(environment['_DYNAMIC_PROPERTIES'] ?? '')),
    zookeeperNamespace: environment['_ZOOKEEPER_NAMESPACE'] ?? text('_APP_ID'),
    userName: text('HADOOP_USER_NAME'),
    localResources: resourcesOf(environment['_FLINK_LOCAL_RESOURCES']),
  };
}

function modeOf(text: string): ClusterMode {
  if (!MODES.includes(text)) throw new LaunchEnvironmentError('_FLINK_CLUSTER_MODE', `is "${text}", not one of ${MODES.join(', ')}`);
  return text as ClusterMode;
}

function resourcesOf(text: string | undefined): readonly LocalResource[] {
  if (text === undefined || text === '') return [];
  try {
    return JSON.parse(fromBase64(text)) as readonly LocalResource[];
  } catch (error) {
    throw new LaunchEnvironmentError('_FLINK_LOCAL_RESOURCES', 'is not a list of resources in base64', error);
  }
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
