import type { JobStatus, TaskManagerStatus } from '#runtime';

const NO_RESOURCE = { cpuCores: 0, taskHeapMemory: 0, taskOffHeapMemory: 0, managedMemory: 0, networkMemory: 0, extendedResources: {} };

/** A TaskManager in a list. */
export function taskManagerView(status: TaskManagerStatus): Readonly<Record<string, unknown>> {
  const { hardware } = status;
  const total = { ...NO_RESOURCE, cpuCores: hardware.cpuCores, managedMemory: hardware.managedMemory };
  return {
    id: status.taskManagerId,
    path: `${status.host}:${status.dataPort}`,
    dataPort: status.dataPort,
    jmxPort: -1,
    timeSinceLastHeartbeat: status.lastHeartbeatMs,
    slotsNumber: status.slots,
    freeSlots: status.freeSlots,
    totalResource: total,
    freeResource: share(total, status.slots === 0 ? 0 : status.freeSlots / status.slots),
    hardware,
    networkSegments: status.networkSegments,
    pid: status.pid,
  };
}

/** A TaskManager by itself, with the slots that jobs hold. */
export function taskManagerDetailsView(status: TaskManagerStatus, jobs: readonly JobStatus[]): unknown {
  return {
    ...taskManagerView(status),
    allocatedSlots: jobs.filter((job) => runsOn(job, status)).map(({ jobId }) => ({ jobId, resource: NO_RESOURCE })),
    metrics: {
      memorySegmentsTotal: status.networkSegments,
      nettyShuffleMemorySegmentsTotal: status.networkSegments,
      garbageCollectors: [],
    },
  };
}

function runsOn(job: JobStatus, { taskManagerId }: TaskManagerStatus): boolean {
  return job.endMs < 0 && job.subtasks.some((subtask) => subtask.taskManagerId === taskManagerId);
}

function share(resource: typeof NO_RESOURCE, part: number): typeof NO_RESOURCE {
  return { ...resource, cpuCores: resource.cpuCores * part, managedMemory: Math.floor(resource.managedMemory * part) };
}
