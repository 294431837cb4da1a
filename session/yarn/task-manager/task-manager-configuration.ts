import { type Configuration, highAvailabilityClusterId, taskManagerHeapBytes, taskManagerNumberOfTaskSlots } from '#conf';
import { heapOfContainerMb } from '../launch/container-memory.js';
import type { LaunchSettings } from '../launch/launch-environment.js';

/**
 * The configuration of a TaskManager in a container: what the container holds beside the cutoff is its memory, and the session says how
 * many slots it has. Throws `ContainerTooSmallError`.
 */
export function taskManagerConfiguration(configuration: Configuration, settings: LaunchSettings): Configuration {
  const { taskManagerMemoryMb, slotsPerTaskManager } = settings;
  return inCluster(configuration, settings).with({
    [taskManagerHeapBytes.key]: String(heapOfContainerMb(taskManagerMemoryMb, configuration)),
    [taskManagerNumberOfTaskSlots.key]: String(slotsPerTaskManager),
  });
}

/** What all processes of an application have in common: they are a cluster by the application's id, or by the namespace that was set. */
export function inCluster(configuration: Configuration, { zookeeperNamespace }: LaunchSettings): Configuration {
  return configuration.with({ [highAvailabilityClusterId.key]: zookeeperNamespace });
}
