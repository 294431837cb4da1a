import {
  akkaAskTimeout,
  blobFetchRetries,
  type Configuration,
  networkBuffersPerChannel,
  networkFloatingBuffersPerGate,
  taskCancellationInterval,
  taskCancellationTimeout,
  taskManagerHost,
  taskManagerMaxRegistrationDuration,
  taskManagerMemory,
  type TaskManagerMemory,
  taskManagerNumberOfTaskSlots,
  taskManagerTmpDirs,
} from '#conf';

/** What of the configuration a TaskManager needs, read once. */
export interface TaskManagerSettings {
  readonly slots: number;
  readonly memory: TaskManagerMemory;
  /** Heap limit of the thread of a slot. */
  readonly slotHeapMb: number;
  readonly tempDirectories: readonly string[];
  /** The option that names them. */
  readonly tempDirectoriesKey: string;
  /** undefined: the address by which the JobManager was reached. */
  readonly host: string | undefined;
  readonly maxRegistrationMs: number;
  readonly askTimeoutMs: number;
  readonly cancellationIntervalMs: number;
  /** 0: tasks may take for ever. */
  readonly cancellationTimeoutMs: number;
  readonly blobFetchRetries: number;
  readonly buffersPerChannel: number;
  readonly floatingBuffersPerGate: number;
  /** By key, for the tasks. */
  readonly configuration: Readonly<Record<string, string>>;
}

const BYTES_PER_MB = 1 << 20;
/** A thread needs this much to load the runtime and a program. */
export const LEAST_SLOT_HEAP_MB = 48;

export function taskManagerSettings(configuration: Configuration): TaskManagerSettings {
  const slots = configuration.get(taskManagerNumberOfTaskSlots);
  const memory = taskManagerMemory(configuration);
  return {
    slots,
    memory,
    slotHeapMb: Math.max(LEAST_SLOT_HEAP_MB, Math.floor(memory.heapBytes / slots / BYTES_PER_MB)),
    tempDirectories: configuration.get(taskManagerTmpDirs),
    tempDirectoriesKey: configuration.find(taskManagerTmpDirs)?.name.key ?? taskManagerTmpDirs.key,
    host: configuration.get(taskManagerHost),
    maxRegistrationMs: configuration.get(taskManagerMaxRegistrationDuration),
    askTimeoutMs: configuration.get(akkaAskTimeout),
    cancellationIntervalMs: configuration.get(taskCancellationInterval),
    cancellationTimeoutMs: configuration.get(taskCancellationTimeout),
    blobFetchRetries: configuration.get(blobFetchRetries),
    buffersPerChannel: configuration.get(networkBuffersPerChannel),
    floatingBuffersPerGate: configuration.get(networkFloatingBuffersPerGate),
    configuration: Object.fromEntries(configuration.rawEntries().map(({ key, value }) => [key, value])),
  };
}
