import { option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { memorySize } from '../types/memory-size.js';
import { boolean } from '../types/scalars.js';

const group = 'Heartbeats and timeouts';

export const heartbeatInterval = option({
  key: 'heartbeat.interval',
  type: durationMs,
  default: '10000',
  group,
  takesEffect: 'yes',
  description: 'Time between two heartbeats of JobManager and TaskManagers.',
});

export const heartbeatTimeout = option({
  key: 'heartbeat.timeout',
  type: durationMs,
  default: '50000',
  group,
  takesEffect: 'yes',
  description: 'After how long without a heartbeat the other side counts as lost.',
});

export const akkaAskTimeout = option({
  key: 'akka.ask.timeout',
  type: durationMs,
  default: '10 s',
  group,
  takesEffect: 'yes',
  aliases: ['pekko.ask.timeout'],
  description: 'How long a control message between processes of the cluster may wait for its answer.',
});

export const akkaClientTimeout = option({
  key: 'akka.client.timeout',
  type: durationMs,
  default: '60 s',
  group,
  takesEffect: 'not-yet',
  aliases: ['client.timeout'],
  description: 'How long the command line client waits for the cluster.',
});

export const akkaFramesize = option({
  key: 'akka.framesize',
  type: memorySize,
  default: '10485760b',
  group,
  takesEffect: 'yes',
  aliases: ['pekko.framesize'],
  description: 'Size of the largest control message.',
});

export const akkaTcpTimeout = option({
  key: 'akka.tcp.timeout',
  type: durationMs,
  default: '20 s',
  group,
  takesEffect: 'meaningless',
  instead: 'Use "akka.ask.timeout": it also bounds how long connecting may take.',
  aliases: ['pekko.tcp.timeout'],
  description: 'How long connecting to another process may take.',
});

export const akkaWatchHeartbeatInterval = option({
  key: 'akka.watch.heartbeat.interval',
  type: durationMs,
  default: '10 s',
  group,
  takesEffect: 'meaningless',
  instead: 'Use "heartbeat.interval".',
  aliases: ['pekko.watch.heartbeat.interval'],
  description: "Time between two heartbeats of Akka's death watch.",
});

export const akkaWatchHeartbeatPause = option({
  key: 'akka.watch.heartbeat.pause',
  type: durationMs,
  default: '60 s',
  group,
  takesEffect: 'meaningless',
  instead: 'Use "heartbeat.timeout".',
  aliases: ['pekko.watch.heartbeat.pause'],
  description: "After how long without heartbeats Akka's death watch counts the other side as lost.",
});

export const akkaSslEnabled = option({
  key: 'akka.ssl.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  aliases: ['pekko.ssl.enabled'],
  description: 'Whether control messages use TLS when "security.ssl.enabled" is set.',
});

export const slotRequestTimeout = option({
  key: 'slot.request.timeout',
  type: durationMs,
  default: '5 min',
  group,
  takesEffect: 'yes',
  description: 'How long a job waits for the task slots it needs. TaskManagers may still be starting.',
});
