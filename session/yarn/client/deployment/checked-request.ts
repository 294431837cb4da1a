import { hadoopAuthentication } from '#security';
import { yarnApplicationQueue } from '#conf';
import { checkMemory } from '../checks/memory.js';
import { ClusterRequestError } from '../checks/errors.js';
import { freeMemoryWarnings } from '../checks/free-memory.js';
import { hadoopDirectoryWarnings, queueWarnings } from '../checks/surroundings.js';
import { checkVcores } from '../checks/vcores.js';
import type { ClusterSpecification } from '../cluster-specification.js';
import type { ResourceManagerClient } from '../resource-manager/client.js';
import type { DeploymentRequest } from './deployment-request.js';

/** As Hadoop has it where its files do not say. */
const LEAST_ALLOCATION_MB = 1024;
const NODE_VCORES = 8;

export interface CheckedRequest {
  readonly applicationId: string;
  readonly specification: ClusterSpecification;
}

/**
 * Everything that can be said before an application exists. Warnings are told to the listener.
 * Throws `ClusterRequestError` (user), and what the ResourceManager's client throws.
 */
export async function checkRequest(resourceManager: ResourceManagerClient, request: DeploymentRequest): Promise<CheckedRequest> {
  const { configuration, hadoop, specification: asked, listener } = request;
  if (asked.taskManagerCount !== undefined && asked.taskManagerCount <= 0) {
    throw new ClusterRequestError('Taskmanager count must be positive', 'Ask for at least one with "-n", or leave it out.');
  }
  hadoopAuthentication(hadoop);
  for (const text of hadoopDirectoryWarnings(configuration, process.env)) listener.warning(text);
  const [application, nodes, queues] = await Promise.all([
    resourceManager.newApplication(),
    resourceManager.runningNodes(),
    resourceManager.queues(),
  ]);
  const largest = application['maximum-resource-capability'];
  const vcoresOfNodes = nodes.map(({ usedVirtualCores, availableVirtualCores }) => usedVirtualCores + availableVirtualCores);
  const nodeVcores =
    nodes.length > 0 ? Math.max(...vcoresOfNodes) : numberOf(hadoop.get('yarn.nodemanager.resource.cpu-vcores'), NODE_VCORES);
  checkVcores(configuration, asked.slotsPerTaskManager, Math.min(nodeVcores, largest.vCores));
  for (const text of queueWarnings(configuration.get(yarnApplicationQueue), queues)) listener.warning(text);
  const leastMb = numberOf(hadoop.get('yarn.scheduler.minimum-allocation-mb'), LEAST_ALLOCATION_MB);
  const { specification, warnings } = checkMemory(asked, { leastMb, mostMb: largest.memory });
  const free = nodes.map(({ availMemoryMB }) => availMemoryMB);
  for (const text of [...warnings, ...freeMemoryWarnings(specification, free)]) listener.warning(text);
  return { applicationId: application['application-id'], specification };
}

function numberOf(text: string | undefined, otherwise: number): number {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) && number > 0 ? number : otherwise;
}
