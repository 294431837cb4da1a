import {
  type Configuration,
  type HadoopConfiguration,
  resourceManagerTaskManagerTimeout,
  taskManagerMaxRegistrationDuration,
  yarnApplicationNodeLabel,
  yarnContainersVcores,
  yarnHeartbeatContainerRequestInterval,
  yarnHeartbeatDelay,
  yarnMaximumFailedContainers,
} from '#conf';
import type { FinalStatus } from '#runtime';
import type { ClusterMode, LaunchSettings } from '../launch/launch-environment.js';
import type { ApplicationStatus } from '../rpc/scheduler-client.js';
import type { YarnDriverOptions } from './yarn-driver.js';

/** How Hadoop's own clients wait for a ResourceManager, ms. */
const MAX_WAIT_KEY = 'yarn.resourcemanager.connect.max-wait.ms';
const MAX_WAIT_MS = 900_000;

/** After how long without a heartbeat the ResourceManager gives an application master up. */
const EXPIRY_KEY = 'yarn.am.liveness-monitor.expiry-interval-ms';
const EXPIRY_MS = 600_000;

/** The one priority at which TaskManagers are asked for. */
const PRIORITY = 1;

type Settings = Pick<
  YarnDriverOptions,
  'workers' | 'heartbeats' | 'maximumFailed' | 'idleTimeoutMs' | 'registrationTimeoutMs' | 'applicationStatus'
>;

/** What the driver needs of the configuration, of Hadoop's files and of what the client said, read once. */
export function yarnDriverSettings(launch: LaunchSettings, configuration: Configuration, hadoop: HadoopConfiguration): Settings {
  const slotsPerWorker = launch.slotsPerTaskManager;
  const maxWait = Number(hadoop.get(MAX_WAIT_KEY) ?? MAX_WAIT_MS);
  return {
    workers: {
      resource: { memoryMb: launch.taskManagerMemoryMb, vcores: configuration.get(yarnContainersVcores) ?? slotsPerWorker },
      priority: PRIORITY,
      nodeLabel: configuration.get(yarnApplicationNodeLabel),
      slotsPerWorker,
      fixedWorkers: launch.taskManagerCount,
    },
    heartbeats: {
      intervalMs: configuration.get(yarnHeartbeatDelay),
      busyIntervalMs: configuration.get(yarnHeartbeatContainerRequestInterval),
      maxWaitMs: maxWait > 0 ? maxWait : Number.POSITIVE_INFINITY,
    },
    maximumFailed: configuration.get(yarnMaximumFailedContainers),
    idleTimeoutMs: configuration.get(resourceManagerTaskManagerTimeout),
    registrationTimeoutMs: configuration.get(taskManagerMaxRegistrationDuration),
    applicationStatus: (status) => applicationStatus(status, launch.mode),
  };
}

/** A warning when heartbeats are so rare that the ResourceManager takes this master for dead; its words are Flink's. */
export function heartbeatWarning(configuration: Configuration, hadoop: HadoopConfiguration): string | undefined {
  const intervalMs = configuration.get(yarnHeartbeatDelay);
  const expiryMs = Number(hadoop.get(EXPIRY_KEY) ?? EXPIRY_MS);
  if (intervalMs < expiryMs) return undefined;
  return (
    `The heartbeat interval of the Flink Application master (${intervalMs}) is greater than YARN's expiry interval (${expiryMs}). ` +
    'The application is likely to be killed by YARN.'
  );
}

/** A session that is stopped has succeeded, whatever became of its jobs; else they decide. */
function applicationStatus(status: FinalStatus, mode: ClusterMode): ApplicationStatus {
  if (mode === 'session' || status === 'SUCCEEDED') return 'SUCCEEDED';
  return status === 'CANCELED' ? 'KILLED' : 'FAILED';
}
