import { option } from '../option.js';
import { durationSeconds } from '../types/duration.js';
import { memoryMegabytes } from '../types/memory-size.js';
import { boolean, double, int, intFrom, port, string } from '../types/scalars.js';
import { oneOf } from '../types/one-of.js';

const group = 'Mesos';

export const mesosMaster = option({
  key: 'mesos.master',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'The Mesos master: "host:port", "zk://host:port,…/path" or "file://path".',
});

export const mesosInitialTasks = option({
  key: 'mesos.initial-tasks',
  type: intFrom(0),
  default: '0',
  group,
  takesEffect: 'not-yet',
  description: 'How many TaskManagers are started at first.',
});

export const mesosMaximumFailedTasks = option({
  key: 'mesos.maximum-failed-tasks',
  type: int,
  default: '-1',
  group,
  takesEffect: 'not-yet',
  description: 'With how many failed TaskManagers the session ends. -1: no limit.',
});

export const mesosFailoverTimeout = option({
  key: 'mesos.failover-timeout',
  type: durationSeconds,
  default: '600',
  group,
  takesEffect: 'not-yet',
  description: 'How long Mesos keeps TaskManagers running while the scheduler is away. A plain number counts seconds.',
});

export const mesosFrameworkName = option({
  key: 'mesos.resourcemanager.framework.name',
  type: string,
  default: 'Flink',
  group,
  takesEffect: 'not-yet',
  description: 'Name under which the framework registers.',
});

export const mesosFrameworkRole = option({
  key: 'mesos.resourcemanager.framework.role',
  type: string,
  default: '*',
  group,
  takesEffect: 'not-yet',
  description: 'Role of the framework.',
});

export const mesosFrameworkPrincipal = option({
  key: 'mesos.resourcemanager.framework.principal',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Principal of the framework.',
});

export const mesosFrameworkSecret = option({
  key: 'mesos.resourcemanager.framework.secret',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Secret of the principal.',
});

export const mesosFrameworkUser = option({
  key: 'mesos.resourcemanager.framework.user',
  type: string,
  default: '',
  group,
  takesEffect: 'not-yet',
  defaultNote: 'the user of the process',
  description: 'User under which TaskManagers run.',
});

export const mesosTasksMemBytes = option({
  key: 'mesos.resourcemanager.tasks.mem',
  type: memoryMegabytes,
  default: '1024',
  group,
  takesEffect: 'not-yet',
  description: 'Memory of a TaskManager. A plain number counts MB.',
});

export const mesosTasksCpus = option({
  key: 'mesos.resourcemanager.tasks.cpus',
  type: double,
  default: '0.0',
  group,
  takesEffect: 'not-yet',
  defaultNote: 'the slots of a TaskManager',
  description: 'Cores of a TaskManager.',
});

export const mesosTasksContainerType = option({
  key: 'mesos.resourcemanager.tasks.container.type',
  type: oneOf('mesos', 'docker'),
  default: 'mesos',
  group,
  takesEffect: 'not-yet',
  description: 'Kind of container.',
});

export const mesosTasksContainerImageName = option({
  key: 'mesos.resourcemanager.tasks.container.image.name',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Image of the container.',
});

export const mesosTasksContainerVolumes = option({
  key: 'mesos.resourcemanager.tasks.container.volumes',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Volumes of the container: "[host path:]container path[:RO|RW]", separated by commas.',
});

export const mesosConstraintsHardHostattribute = option({
  key: 'mesos.constraints.hard.hostattribute',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Attributes that a host has to have: "name:value", separated by commas.',
});

export const mesosArtifactserverPort = option({
  key: 'mesos.resourcemanager.artifactserver.port',
  type: port,
  default: '0',
  group,
  takesEffect: 'not-yet',
  description: 'Port from which TaskManagers fetch their files. 0 lets the system choose.',
});

export const mesosArtifactserverSslEnabled = option({
  key: 'mesos.resourcemanager.artifactserver.ssl.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  description: 'Whether those files are served under TLS when "security.ssl.enabled" is set.',
});
