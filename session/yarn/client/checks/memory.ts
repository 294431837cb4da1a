import { type ClusterSpecification, LEAST_MEMORY_MB } from '../cluster-specification.js';
import { ClusterRequestError } from './errors.js';

/** A specification made to fit, and what the user should hear of it. */
export interface CheckedSpecification {
  readonly specification: ClusterSpecification;
  readonly warnings: readonly string[];
}

/** What YARN gives out. */
export interface MemoryLimits {
  /** `yarn.scheduler.minimum-allocation-mb`. */
  readonly leastMb: number;
  readonly mostMb: number;
}

/**
 * Raises what is too small. Throws `ClusterRequestError` for more than the largest container there can be.
 * The texts are Flink's.
 */
export function checkMemory(asked: ClusterSpecification, { leastMb, mostMb }: MemoryLimits): CheckedSpecification {
  const warnings: string[] = [];
  const atLeast = (name: string, megabytes: number): number => {
    if (megabytes >= LEAST_MEMORY_MB) return megabytes;
    warnings.push(
      `The ${name} memory (${megabytes} MB) is below the minimum required memory amount of ${LEAST_MEMORY_MB} MB. ` +
        `${LEAST_MEMORY_MB} MB are used.`,
    );
    return LEAST_MEMORY_MB;
  };
  const jobManagerMb = atLeast('JobManager', asked.jobManagerMemoryMb);
  const taskManagerMb = atLeast('TaskManager', asked.taskManagerMemoryMb);
  if (jobManagerMb < leastMb || taskManagerMb < leastMb) warnings.push(belowSmallest(leastMb));
  const specification = {
    ...asked,
    jobManagerMemoryMb: Math.max(jobManagerMb, leastMb),
    taskManagerMemoryMb: Math.max(taskManagerMb, leastMb),
  };
  refuseAbove('JobManager', specification.jobManagerMemoryMb, mostMb);
  refuseAbove('TaskManagers', specification.taskManagerMemoryMb, mostMb);
  return { specification, warnings };
}

function belowSmallest(leastMb: number): string {
  return (
    'The JobManager or TaskManager memory is below the smallest possible YARN Container size. ' +
    `The value of 'yarn.scheduler.minimum-allocation-mb' is '${leastMb}'. Please increase the memory size. ` +
    'YARN will allocate the smaller containers but the scheduler will account for the minimum-allocation-mb, ' +
    'maybe not all instances you requested will start.'
  );
}

function refuseAbove(name: string, requestedMb: number, mostMb: number): void {
  if (requestedMb <= mostMb) return;
  throw new ClusterRequestError(
    `The cluster does not have the requested resources for the ${name} available!\n` +
      `Maximum Memory: ${mostMb}MB Requested: ${requestedMb}MB. Please check the 'yarn.scheduler.maximum-allocation-mb' ` +
      "and the 'yarn.nodemanager.resource.memory-mb' configuration values",
    `Ask for at most ${mostMb} MB.`,
  );
}
