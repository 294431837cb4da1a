import { option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { memoryMegabytes, memoryMegabytesOrUnset, memorySize } from '../types/memory-size.js';
import { boolean, double } from '../types/scalars.js';

const group = 'Memory';

export const jobManagerHeapBytes = option({
  key: 'jobmanager.heap.mb',
  type: memoryMegabytes,
  default: '1024',
  group,
  takesEffect: 'yes',
  aliases: [
    { key: 'jobmanager.heap.size', type: memorySize },
    { key: 'jobmanager.memory.heap.size', type: memorySize },
  ],
  description: 'Heap of the JobManager. A plain number counts MB, under the later names bytes.',
});

export const jobManagerProcessBytes = option({
  key: 'jobmanager.memory.process.size',
  type: memorySize,
  group,
  takesEffect: 'yes',
  description: 'All memory of the JobManager process, the heap being what the overhead leaves. Counts when no heap size is set.',
});

export const jobManagerFlinkBytes = option({
  key: 'jobmanager.memory.flink.size',
  type: memorySize,
  group,
  takesEffect: 'yes',
  description: 'Memory of the JobManager without the overhead of the process: its heap. Counts when no heap size is set.',
});

export const jobManagerOverheadFraction = option({
  key: 'jobmanager.memory.jvm-overhead.fraction',
  type: double,
  default: '0.1',
  group,
  takesEffect: 'yes',
  description: 'Share of "jobmanager.memory.process.size" kept for what the heap does not account for: code, stacks, sockets.',
});

export const jobManagerOverheadMinBytes = option({
  key: 'jobmanager.memory.jvm-overhead.min',
  type: memorySize,
  default: '192m',
  group,
  takesEffect: 'yes',
  description: 'Least overhead of the JobManager that is kept.',
});

export const jobManagerOverheadMaxBytes = option({
  key: 'jobmanager.memory.jvm-overhead.max',
  type: memorySize,
  default: '1g',
  group,
  takesEffect: 'yes',
  description: 'Most overhead of the JobManager that is kept.',
});

export const taskManagerHeapBytes = option({
  key: 'taskmanager.heap.mb',
  type: memoryMegabytes,
  default: '1024',
  group,
  takesEffect: 'yes',
  aliases: [
    { key: 'taskmanager.heap.size', type: memorySize },
    { key: 'taskmanager.memory.flink.size', type: memorySize },
  ],
  description:
    'Memory of a TaskManager, from which network buffers and managed memory are taken; the rest is the heap. ' +
    'A plain number counts MB, under the later names bytes. On YARN the container has this size.',
});

export const taskManagerProcessBytes = option({
  key: 'taskmanager.memory.process.size',
  type: memorySize,
  group,
  takesEffect: 'yes',
  description: 'All memory of a TaskManager process, the overhead of the process included. Counts when "taskmanager.heap.mb" is not set.',
});

export const taskManagerTaskHeapBytes = option({
  key: 'taskmanager.memory.task.heap.size',
  type: memorySize,
  group,
  takesEffect: 'yes',
  description:
    'Heap of a TaskManager; the total is then what heap, managed memory and network buffers add up to. ' +
    'Counts when neither "taskmanager.heap.mb" nor "taskmanager.memory.process.size" is set.',
});

export const taskManagerOverheadFraction = option({
  key: 'taskmanager.memory.jvm-overhead.fraction',
  type: double,
  default: '0.1',
  group,
  takesEffect: 'yes',
  description: 'Share of "taskmanager.memory.process.size" kept for what neither heap nor buffers account for: code, stacks, sockets.',
});

export const taskManagerOverheadMinBytes = option({
  key: 'taskmanager.memory.jvm-overhead.min',
  type: memorySize,
  default: '192m',
  group,
  takesEffect: 'yes',
  description: 'Least overhead of a TaskManager that is kept.',
});

export const taskManagerOverheadMaxBytes = option({
  key: 'taskmanager.memory.jvm-overhead.max',
  type: memorySize,
  default: '1g',
  group,
  takesEffect: 'yes',
  description: 'Most overhead of a TaskManager that is kept.',
});

export const jvmMetaspaceSize = option({
  key: 'taskmanager.memory.jvm-metaspace.size',
  type: memorySize,
  default: '0',
  group,
  takesEffect: 'meaningless',
  instead: 'Use "taskmanager.memory.jvm-overhead.min": code counts as overhead in Node.',
  description: 'Memory for the classes of the Java machine.',
});

export const managedMemoryBytes = option({
  key: 'taskmanager.memory.size',
  type: memoryMegabytesOrUnset,
  default: '-1',
  group,
  takesEffect: 'yes',
  aliases: [{ key: 'taskmanager.memory.managed.size', type: memorySize }],
  description:
    'Managed memory of a TaskManager, for sorting, hash tables and caching. A plain number counts MB, under the later name bytes. ' +
    '-1: "taskmanager.memory.fraction" decides.',
});

export const managedMemoryFraction = option({
  key: 'taskmanager.memory.fraction',
  type: double,
  default: '0.7',
  group,
  takesEffect: 'yes',
  description: 'Share of the memory left beside network buffers that becomes managed memory, when no size is set. Above 0 and below 1.',
});

export const managedMemoryFractionOfTotal = option({
  key: 'taskmanager.memory.managed.fraction',
  type: double,
  group,
  takesEffect: 'yes',
  description:
    "Share of the TaskManager's memory, network buffers included, that becomes managed memory: later Flink's form of " +
    '"taskmanager.memory.fraction", which wins when both are set. Above 0 and below 1.',
});

export const managedMemoryOffHeap = option({
  key: 'taskmanager.memory.off-heap',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  description: 'Whether the heap limit shrinks by the managed memory.',
});

export const managedMemoryPreallocate = option({
  key: 'taskmanager.memory.preallocate',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether managed memory is allocated when the TaskManager starts; advised with "taskmanager.memory.off-heap".',
});

export const memorySegmentBytes = option({
  key: 'taskmanager.memory.segment-size',
  type: memorySize,
  default: '32768',
  group,
  takesEffect: 'yes',
  description: 'Size of one buffer of network and managed memory. A plain number counts bytes.',
});

export const memoryLogThread = option({
  key: 'taskmanager.debug.memory.startLogThread',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.debug.memory.log'],
  description: 'Whether a TaskManager logs its memory use and garbage collections at regular intervals.',
});

export const memoryLogIntervalMs = option({
  key: 'taskmanager.debug.memory.logIntervalMs',
  type: durationMs,
  default: '5000',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.debug.memory.log-interval'],
  description: 'Time between two of these log lines.',
});

export const containerizedHeapCutoffRatio = option({
  key: 'containerized.heap-cutoff-ratio',
  type: double,
  default: '0.25',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['yarn.heap-cutoff-ratio'],
  description: "Share of a container's memory that is not given to the heap.",
});

export const containerizedHeapCutoffMinBytes = option({
  key: 'containerized.heap-cutoff-min',
  type: memoryMegabytes,
  default: '600',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['yarn.heap-cutoff-min'],
  description: 'Least memory of a container that is not given to the heap. A plain number counts MB.',
});
