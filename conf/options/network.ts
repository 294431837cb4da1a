import { mapOption, option } from '../option.js';
import { memorySize } from '../types/memory-size.js';
import { boolean, double, intFrom } from '../types/scalars.js';

const group = 'Network buffers';

export const networkMemoryFraction = option({
  key: 'taskmanager.network.memory.fraction',
  type: double,
  default: '0.1',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.memory.network.fraction'],
  description: "Share of a TaskManager's memory that becomes network buffers.",
});

export const networkMemoryMinBytes = option({
  key: 'taskmanager.network.memory.min',
  type: memorySize,
  default: '67108864',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.memory.network.min'],
  description: 'Least memory for network buffers. A plain number counts bytes.',
});

export const networkMemoryMaxBytes = option({
  key: 'taskmanager.network.memory.max',
  type: memorySize,
  default: '1073741824',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.memory.network.max'],
  description: 'Most memory for network buffers. A plain number counts bytes.',
});

export const networkNumberOfBuffers = option({
  key: 'taskmanager.network.numberOfBuffers',
  type: intFrom(1),
  group,
  takesEffect: 'yes',
  description:
    'How many network buffers a TaskManager has, whatever its memory: the way before "taskmanager.network.memory.*", which wins.',
});

export const networkBuffersPerChannel = option({
  key: 'taskmanager.network.memory.buffers-per-channel',
  type: intFrom(1),
  default: '2',
  group,
  takesEffect: 'yes',
  description: 'Buffers that belong to each channel of an exchange alone.',
});

export const networkFloatingBuffersPerGate = option({
  key: 'taskmanager.network.memory.floating-buffers-per-gate',
  type: intFrom(0),
  default: '8',
  group,
  takesEffect: 'yes',
  description: 'Buffers that the channels of an input gate or a result partition share, for those with a backlog.',
});

export const networkMaxOverdraftBuffersPerGate = option({
  key: 'taskmanager.network.memory.max-overdraft-buffers-per-gate',
  type: intFrom(0),
  default: '1024',
  group,
  takesEffect: 'yes',
  description:
    'Buffers that a subtask may draw beyond its share to finish the record or window it is at; with more, the job fails. ' +
    '(Flink: 5. A synchronous function cannot be suspended in the middle of a call, so the bound is wider here.)',
});

export const networkTransport = mapOption({
  key: 'taskmanager.network.netty',
  group,
  takesEffect: 'meaningless',
  instead: 'Nothing needs to be set: sockets are those of Node.',
  description: "Settings of Netty, Flink's network library.",
});

export const taskManagerDataSslEnabled = option({
  key: 'taskmanager.data.ssl.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  description: 'Whether records travel between TaskManagers under TLS when "security.ssl.enabled" is set.',
});
