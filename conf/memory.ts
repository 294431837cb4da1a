import type { Configuration } from './configuration.js';
import { MemoryConfigurationError } from './errors.js';
import type { Option } from './option.js';
import {
  jobManagerFlinkBytes,
  jobManagerHeapBytes,
  jobManagerOverheadFraction,
  jobManagerOverheadMaxBytes,
  jobManagerOverheadMinBytes,
  jobManagerProcessBytes,
  managedMemoryBytes,
  managedMemoryFraction,
  managedMemoryFractionOfTotal,
  managedMemoryOffHeap,
  memorySegmentBytes,
  taskManagerHeapBytes,
  taskManagerOverheadFraction,
  taskManagerOverheadMaxBytes,
  taskManagerOverheadMinBytes,
  taskManagerProcessBytes,
  taskManagerTaskHeapBytes,
} from './options/memory.js';
import { networkMemoryFraction, networkMemoryMaxBytes, networkMemoryMinBytes, networkNumberOfBuffers } from './options/network.js';
import { formatMemorySize } from './types/memory-size.js';

/**
 * How a TaskManager divides its memory, in bytes.
 *
 * ```
 *  process ──┬─ overhead (only with taskmanager.memory.process.size)
 *            └─ total ──┬─ network (whole segments)
 *                       ├─ managed          on heap:  part of heapBytes
 *                       └─ rest             off heap: heapBytes is the rest alone
 * ```
 */
export interface TaskManagerMemory {
  /** Everything but the overhead of the process. */
  readonly totalBytes: number;
  /** Limit for the heaps of all slots together. */
  readonly heapBytes: number;
  readonly managedBytes: number;
  /** Whether `managedBytes` is taken from `heapBytes` or lies beside it. */
  readonly managedOffHeap: boolean;
  readonly networkBytes: number;
  readonly networkSegments: number;
  readonly segmentSizeBytes: number;
}

/** Less than this leaves no room for a record of a few fields. */
const LEAST_SEGMENT_BYTES = 4096;

/**
 * Divides the memory of a TaskManager as its settings say.
 * Throws `MemoryConfigurationError`, naming the keys, when they cannot be met together; `InvalidOptionValueError`
 * for texts that are no sizes.
 */
export function taskManagerMemory(configuration: Configuration): TaskManagerMemory {
  const segmentSizeBytes = segmentSize(configuration);
  const totalBytes = totalOf(configuration);
  const networkSegments = Math.floor(networkBytesOf(configuration, totalBytes, segmentSizeBytes) / segmentSizeBytes);
  const networkBytes = networkSegments * segmentSizeBytes;
  if (networkSegments === 0 || networkBytes >= totalBytes) throw networkDoesNotFit(configuration, networkBytes, totalBytes);
  const managedBytes = managedBytesOf(configuration, totalBytes, networkBytes);
  // Asked for by its later name, managed memory is always outside the heap, as it is in the versions that have that name.
  const managedOffHeap = configuration.isSet(managedMemoryOffHeap)
    ? configuration.get(managedMemoryOffHeap)
    : usesLaterNames(configuration);
  const heapBytes = totalBytes - networkBytes - (managedOffHeap ? managedBytes : 0);
  return { totalBytes, heapBytes, managedBytes, managedOffHeap, networkBytes, networkSegments, segmentSizeBytes };
}

/** Heap of the JobManager in bytes: set outright, or what the overhead leaves of the process size. */
export function jobManagerHeap(configuration: Configuration): number {
  const deciding = configuration.strongest([jobManagerHeapBytes, jobManagerFlinkBytes, jobManagerProcessBytes]);
  const bytes = deciding && configuration.get<number | undefined>(deciding);
  if (bytes === undefined) return configuration.get(jobManagerHeapBytes);
  return deciding === jobManagerProcessBytes ? withoutOverhead(configuration, bytes, deciding.key, JOB_MANAGER_OVERHEAD) : bytes;
}

interface ClampedShare {
  readonly fraction: Option<number>;
  readonly min: Option<number>;
  readonly max: Option<number>;
}

const JOB_MANAGER_OVERHEAD: ClampedShare = {
  fraction: jobManagerOverheadFraction,
  min: jobManagerOverheadMinBytes,
  max: jobManagerOverheadMaxBytes,
};
const TASK_MANAGER_OVERHEAD: ClampedShare = {
  fraction: taskManagerOverheadFraction,
  min: taskManagerOverheadMinBytes,
  max: taskManagerOverheadMaxBytes,
};
const NETWORK: ClampedShare = { fraction: networkMemoryFraction, min: networkMemoryMinBytes, max: networkMemoryMaxBytes };

function segmentSize(configuration: Configuration): number {
  const bytes = configuration.get(memorySegmentBytes);
  if (bytes >= LEAST_SEGMENT_BYTES && bytes % 8 === 0) return bytes;
  throw new MemoryConfigurationError(
    [memorySegmentBytes.key],
    `"${memorySegmentBytes.key}" is ${bytes} bytes, but has to be a multiple of 8 and at least ${LEAST_SEGMENT_BYTES}`,
    `Set "${memorySegmentBytes.key}" to a size such as 32kb.`,
  );
}

function totalOf(configuration: Configuration): number {
  const deciding = configuration.strongest([taskManagerHeapBytes, taskManagerProcessBytes, taskManagerTaskHeapBytes]);
  const bytes = deciding && configuration.get<number | undefined>(deciding);
  if (bytes === undefined) return configuration.get(taskManagerHeapBytes);
  if (deciding === taskManagerProcessBytes) return withoutOverhead(configuration, bytes, deciding.key, TASK_MANAGER_OVERHEAD);
  return deciding === taskManagerTaskHeapBytes ? totalAround(configuration, bytes) : bytes;
}

/** The total of which `taskHeap` is left when managed memory and the network's share have been taken. */
function totalAround(configuration: Configuration, taskHeap: number): number {
  const managed = configuration.get(managedMemoryBytes);
  const used = taskHeap + Math.max(0, managed);
  const network = clamp(configuration, NETWORK, used / (1 - shareOf(configuration, networkMemoryFraction)));
  return used + network;
}

function withoutOverhead(configuration: Configuration, process: number, processKey: string, overhead: ClampedShare): number {
  const left = process - clamp(configuration, overhead, process);
  if (left > 0) return left;
  const keys = [processKey, overhead.min.key];
  throw new MemoryConfigurationError(
    keys,
    `"${processKey}" is ${formatMemorySize(process)}, all of which the overhead of the process needs`,
    `Raise "${processKey}", or lower "${overhead.min.key}".`,
  );
}

function clamp(configuration: Configuration, share: ClampedShare, total: number): number {
  const min = configuration.get(share.min);
  const max = configuration.get(share.max);
  if (min > max) {
    throw new MemoryConfigurationError(
      [share.min.key, share.max.key],
      `"${share.min.key}" (${formatMemorySize(min)}) is greater than "${share.max.key}" (${formatMemorySize(max)})`,
      `Lower "${share.min.key}", or raise "${share.max.key}".`,
    );
  }
  return Math.min(max, Math.max(min, Math.floor(total * shareOf(configuration, share.fraction))));
}

/** A fraction above 0 and below 1. */
function shareOf(configuration: Configuration, option: Option<number>): number {
  const share = configuration.get(option);
  if (share > 0 && share < 1) return share;
  throw new MemoryConfigurationError(
    [option.key],
    `"${option.key}" is ${share}, but has to be above 0 and below 1`,
    `Set "${option.key}" to a share such as ${option.defaultNote}.`,
  );
}

function networkBytesOf(configuration: Configuration, total: number, segmentBytes: number): number {
  const buffers = configuration.get(networkNumberOfBuffers);
  const newer = Object.values(NETWORK).some((option: Option<number>) => configuration.isSet(option));
  return buffers !== undefined && !newer ? buffers * segmentBytes : clamp(configuration, NETWORK, total);
}

function managedBytesOf(configuration: Configuration, total: number, network: number): number {
  const size = configuration.get(managedMemoryBytes);
  if (size < 0) return managedShare(configuration, total, network);
  if (size < total - network) return size;
  const [wanted, room] = [size, total - network].map(formatMemorySize);
  throw new MemoryConfigurationError(
    [managedMemoryBytes.key, taskManagerHeapBytes.key],
    `"${managedMemoryBytes.key}" is ${wanted}, which does not fit into the ${room} that a TaskManager has beside its network buffers`,
    `Lower "${managedMemoryBytes.key}", or raise "${taskManagerHeapBytes.key}".`,
  );
}

function managedShare(configuration: Configuration, total: number, network: number): number {
  const ofTotal = configuration.get(managedMemoryFractionOfTotal);
  if (ofTotal === undefined || decidingFraction(configuration) === managedMemoryFraction) {
    return Math.floor((total - network) * shareOf(configuration, managedMemoryFraction));
  }
  const share = Math.floor(total * shareOf(configuration, managedMemoryFractionOfTotal as Option<number>));
  if (share < total - network) return share;
  throw new MemoryConfigurationError(
    [managedMemoryFractionOfTotal.key, networkMemoryFraction.key],
    `"${managedMemoryFractionOfTotal.key}" (${ofTotal}) and the network buffers together leave no heap`,
    `Lower "${managedMemoryFractionOfTotal.key}" or "${networkMemoryFraction.key}".`,
  );
}

function usesLaterNames(configuration: Configuration): boolean {
  const size = configuration.find(managedMemoryBytes);
  if (size && size.name.key !== managedMemoryBytes.key) return true;
  return size === undefined && decidingFraction(configuration) === managedMemoryFractionOfTotal;
}

function decidingFraction(configuration: Configuration): Option<number> | Option<number | undefined> | undefined {
  return configuration.strongest([managedMemoryFraction, managedMemoryFractionOfTotal]);
}

function networkDoesNotFit(configuration: Configuration, network: number, total: number): MemoryConfigurationError {
  const keys = [...Object.values(NETWORK).map((option: Option<number>) => option.key), networkNumberOfBuffers.key];
  const parts = Object.values(NETWORK).map((option: Option<number>) => `"${option.key}" (${configuration.get(option)})`);
  return new MemoryConfigurationError(
    keys,
    `network buffers of ${formatMemorySize(network)} do not fit into the ${formatMemorySize(total)} of the TaskManager`,
    `Look at ${parts.join(', ')} and "${taskManagerHeapBytes.key}".`,
  );
}
