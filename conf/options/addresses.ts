import { option } from '../option.js';
import { durationOrInfinite } from '../types/duration.js';
import { portRanges } from '../types/port-ranges.js';
import { port, string } from '../types/scalars.js';

const group = 'Addresses and ports';
const CONNECTS = 'Use "jobmanager.rpc.port": a TaskManager connects to it, and itself listens at "taskmanager.data.port" only.';

export const jobManagerRpcAddress = option({
  key: 'jobmanager.rpc.address',
  type: string,
  group,
  takesEffect: 'yes',
  description:
    'Host under which TaskManagers and clients reach the JobManager. On YARN it is overwritten by the host of the application master.',
});

export const jobManagerRpcPort = option({
  key: 'jobmanager.rpc.port',
  type: port,
  default: '6123',
  group,
  takesEffect: 'yes',
  description: 'Port on which the JobManager listens for TaskManagers. On YARN "yarn.application-master.port" counts instead.',
});

export const jobManagerBindHost = option({
  key: 'jobmanager.bind-host',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: 'all addresses',
  description: 'Address of the network interface on which the JobManager listens for TaskManagers.',
});

export const taskManagerHost = option({
  key: 'taskmanager.hostname',
  type: string,
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.host'],
  defaultNote: 'found by connecting to the JobManager',
  description: 'Host under which other TaskManagers and the JobManager reach this one.',
});

export const taskManagerBindHost = option({
  key: 'taskmanager.bind-host',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: 'all addresses',
  description: 'Address of the network interface on which a TaskManager listens.',
});

export const taskManagerRpcPort = option({
  key: 'taskmanager.rpc.port',
  type: portRanges,
  default: '0',
  group,
  takesEffect: 'meaningless',
  instead: CONNECTS,
  description: 'Port of a TaskManager for control messages: a port, a list or a range, tried in turn. 0 lets the system choose.',
});

export const taskManagerDataPort = option({
  key: 'taskmanager.data.port',
  type: port,
  default: '0',
  group,
  takesEffect: 'yes',
  description: 'Port on which a TaskManager serves records to others. 0 lets the system choose.',
});

export const taskManagerMaxRegistrationDuration = option({
  key: 'taskmanager.maxRegistrationDuration',
  type: durationOrInfinite,
  default: 'Inf',
  group,
  takesEffect: 'yes',
  aliases: ['taskmanager.registration.timeout'],
  description: 'How long a TaskManager looks for a JobManager before it exits. "Inf": for ever.',
});
