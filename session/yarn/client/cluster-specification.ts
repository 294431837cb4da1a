import {
  type Configuration,
  jobManagerHeapBytes,
  jobManagerProcessBytes,
  taskManagerHeapBytes,
  taskManagerNumberOfTaskSlots,
  taskManagerProcessBytes,
} from '#conf';

const MB = 1024 * 1024;

/** Less than this is not enough for a process of flink-ts beside the cutoff. */
export const LEAST_MEMORY_MB = 768;

/** The size of a cluster on YARN. */
export interface ClusterSpecification {
  /** Containers, in MB. */
  readonly jobManagerMemoryMb: number;
  readonly taskManagerMemoryMb: number;
  /** Undefined: on demand. */
  readonly taskManagerCount: number | undefined;
  readonly slotsPerTaskManager: number;
}

/** The size that the configuration asks for: flags of the command line are in it. */
export function clusterSpecification(configuration: Configuration, taskManagerCount: number | undefined): ClusterSpecification {
  return {
    jobManagerMemoryMb: toMb(configuration.get(jobManagerProcessBytes) ?? configuration.get(jobManagerHeapBytes)),
    taskManagerMemoryMb: toMb(configuration.get(taskManagerProcessBytes) ?? configuration.get(taskManagerHeapBytes)),
    taskManagerCount,
    slotsPerTaskManager: configuration.get(taskManagerNumberOfTaskSlots),
  };
}

function toMb(bytes: number): number {
  return Math.ceil(bytes / MB);
}
