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
import type { ApplicationStatus } from '../rpc/resource-manager-client.js';
import type { YarnDriverOptions } from './yarn-driver.js';

/** How Hadoop's own clients wait for a ResourceManager, ms. */
const MAX_WAIT_KEY = 'yarn.resourcemanager.connect.max-wait.ms';
const MAX_WAIT_MS = 900_000;

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

/** A session that is stopped has succeeded, whatever became of its jobs; else they decide. */
function applicationStatus(status: FinalStatus, mode: ClusterMode): ApplicationStatus {
  if (mode === 'session' || status === 'SUCCEEDED') return 'SUCCEEDED';
  return status === 'CANCELED' ? 'KILLED' : 'FAILED';
}
