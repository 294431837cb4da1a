import {
  type Configuration,
  containerizedMasterEnv,
  envJavaHome,
  highAvailability,
  highAvailabilityClusterId,
  nodeFlags,
  yarnApplicationAttemptFailuresValidityInterval,
  yarnApplicationAttempts,
  yarnApplicationName,
  yarnApplicationNodeLabel,
  yarnApplicationPriority,
  yarnApplicationQueue,
  yarnApplicationType,
  yarnAppmasterVcores,
  yarnContainerStartCommandTemplate,
  yarnTags,
} from '#conf';
import { newClusterSecret } from '../../launch/container-credentials.js';
import { CONTAINER_ENVIRONMENT } from '../../launch/container-environment.js';
import { containerCommand } from '../../launch/container-command.js';
import { heapOfContainerMb } from '../../launch/container-memory.js';
import { type ClusterMode, toLaunchEnvironment } from '../../launch/launch-environment.js';
import { NODE_RESOURCE } from '../../launch/names.js';
import type { Submission } from '../resource-manager/submission.js';
import type { StagingPlace } from '../staging/application-staging.js';
import type { CheckedRequest } from './checked-request.js';
import type { DeploymentRequest } from './deployment-request.js';
import type { StagedFiles } from './stage-application.js';

export interface SubmissionParts {
  readonly request: DeploymentRequest;
  readonly checked: CheckedRequest;
  readonly staged: StagedFiles;
  readonly place: StagingPlace;
  readonly stagingDirectory: string;
  readonly userName: string;
}

/** The application as YARN is given it. */
export function submissionOf({ request, checked, staged, place, stagingDirectory, userName }: SubmissionParts): Submission {
  const { configuration, mode, detached, dynamicProperties, defaultName } = request;
  const { applicationId, specification } = checked;
  const ha = isHighlyAvailable(configuration);
  const priority = configuration.get(yarnApplicationPriority);
  const attempts = configuration.get(yarnApplicationAttempts) ?? (ha ? undefined : 1);
  return {
    applicationId,
    name: configuration.get(yarnApplicationName) ?? defaultName,
    type: configuration.get(yarnApplicationType),
    queue: configuration.get(yarnApplicationQueue),
    priority: priority < 0 ? undefined : priority,
    tags: configuration.get(yarnTags),
    maxAttempts: attempts,
    attemptFailuresValidityMs: attempts === 1 ? undefined : configuration.get(yarnApplicationAttemptFailuresValidityInterval),
    keepContainers: attempts !== 1,
    nodeLabel: configuration.get(yarnApplicationNodeLabel),
    memoryMb: specification.jobManagerMemoryMb,
    vcores: configuration.get(yarnAppmasterVcores),
    command: masterCommand(configuration, specification.jobManagerMemoryMb, mode),
    environment: {
      ...CONTAINER_ENVIRONMENT,
      ...configuration.get(containerizedMasterEnv),
      ...toLaunchEnvironment({
        applicationId,
        homeDirectory: place.home,
        stagingDirectory,
        taskManagerCount: specification.taskManagerCount,
        taskManagerMemoryMb: specification.taskManagerMemoryMb,
        slotsPerTaskManager: specification.slotsPerTaskManager,
        detached,
        mode,
        dynamicProperties: { ...staged.unwritable, ...dynamicProperties },
        zookeeperNamespace: namespaceOf(request, applicationId),
        userName,
        localResources: staged.resources,
      }),
    },
    localResources: [...staged.resources, ...staged.masterResources],
    secrets: newClusterSecret(),
  };
}

function isHighlyAvailable(configuration: Configuration): boolean {
  return configuration.get(highAvailability).toLowerCase() !== 'none';
}

function namespaceOf({ configuration, zookeeperNamespace }: DeploymentRequest, applicationId: string): string {
  if (zookeeperNamespace !== undefined) return zookeeperNamespace;
  return configuration.isSet(highAvailabilityClusterId) ? configuration.get(highAvailabilityClusterId) : applicationId;
}

function masterCommand(configuration: Configuration, memoryMb: number, mode: ClusterMode): string {
  const heapMb = heapOfContainerMb(memoryMb, configuration);
  const home = configuration.get(envJavaHome);
  return containerCommand({
    template: configuration.get(yarnContainerStartCommandTemplate),
    process: 'jobmanager',
    node: home === undefined ? `./${NODE_RESOURCE}` : `${home}/bin/node`,
    // The process in which `main` of a program runs is started with the same flags: it gets the other half.
    memoryFlags: [`--max-old-space-size=${mode === 'application' ? Math.floor(heapMb / 2) : heapMb}`],
    flags: nodeFlags(configuration, 'jobmanager'),
  });
}
