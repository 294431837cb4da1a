import {
  type Configuration,
  jobManagerHeapBytes,
  jobManagerProcessBytes,
  type Option,
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
    jobManagerMemoryMb: containerMb(configuration, jobManagerProcessBytes, jobManagerHeapBytes),
    taskManagerMemoryMb: containerMb(configuration, taskManagerProcessBytes, taskManagerHeapBytes),
    taskManagerCount,
    slotsPerTaskManager: configuration.get(taskManagerNumberOfTaskSlots),
  };
}

/** On YARN, both the old and the new name mean the whole container; the one that was set by the stronger hand counts. */
function containerMb(configuration: Configuration, process: Option<number | undefined>, heap: Option<number>): number {
  const bytes = configuration.strongest<Option<unknown>>([process, heap]) === process ? configuration.get(process) : undefined;
  return Math.ceil((bytes ?? configuration.get(heap)) / MB);
}
