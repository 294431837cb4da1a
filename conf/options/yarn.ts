import { tmpdir } from 'node:os';
import { mapOption, option } from '../option.js';
import { durationMs, durationSeconds } from '../types/duration.js';
import { stringList } from '../types/lists.js';
import { oneOf } from '../types/one-of.js';
import { portRanges } from '../types/port-ranges.js';
import { boolean, int, intFrom, string } from '../types/scalars.js';
import { akkaAskTimeout } from './timeouts.js';

const group = 'YARN';

export const yarnApplicationAttempts = option({
  key: 'yarn.application-attempts',
  type: intFrom(1),
  group,
  takesEffect: 'yes',
  defaultNote: '1; with high availability what the ResourceManager allows',
  description: 'How often the application master may be started.',
});

export const yarnApplicationAttemptFailuresValidityInterval = option({
  key: 'yarn.application-attempt-failures-validity-interval',
  type: durationMs,
  fallback: akkaAskTimeout,
  group,
  takesEffect: 'yes',
  description: 'How long a failed attempt of the application master counts.',
});

export const yarnMaximumFailedContainers = option({
  key: 'yarn.maximum-failed-containers',
  type: int,
  group,
  takesEffect: 'yes',
  defaultNote: 'the number of containers asked for',
  description: 'With how many failed containers the session ends. -1: no limit.',
});

export const yarnHeartbeatDelay = option({
  key: 'yarn.heartbeat-delay',
  type: durationSeconds,
  default: '5',
  group,
  takesEffect: 'yes',
  aliases: ['yarn.heartbeat.interval'],
  description: 'Time between two heartbeats to the ResourceManager. A plain number counts seconds.',
});

export const yarnHeartbeatContainerRequestInterval = option({
  key: 'yarn.heartbeat.container-request-interval',
  type: durationMs,
  default: '500',
  group,
  takesEffect: 'yes',
  description: 'Time between two heartbeats while containers are awaited.',
});

export const resourceManagerTaskManagerTimeout = option({
  key: 'resourcemanager.taskmanager-timeout',
  type: durationMs,
  default: '30000',
  group,
  takesEffect: 'yes',
  description: 'How long a TaskManager that was started on demand may be idle until its container is given back.',
});

export const yarnPropertiesFileLocation = option({
  key: 'yarn.properties-file.location',
  type: string,
  default: tmpdir,
  group,
  takesEffect: 'yes',
  defaultNote: 'the system temp directory',
  description: 'Directory of the file in which the client notes the session it started.',
});

export const yarnContainersVcores = option({
  key: 'yarn.containers.vcores',
  type: intFrom(1),
  group,
  takesEffect: 'yes',
  defaultNote: 'the slots of a TaskManager',
  description: "Virtual cores of a TaskManager's container.",
});

export const yarnAppmasterVcores = option({
  key: 'yarn.appmaster.vcores',
  type: intFrom(1),
  default: '1',
  group,
  takesEffect: 'yes',
  description: "Virtual cores of the application master's container.",
});

export const yarnTags = option({
  key: 'yarn.tags',
  type: stringList,
  default: '',
  group,
  takesEffect: 'yes',
  defaultNote: 'empty',
  description: 'Tags of the application, separated by commas.',
});

export const yarnApplicationMasterPort = option({
  key: 'yarn.application-master.port',
  type: portRanges,
  default: '0',
  group,
  takesEffect: 'yes',
  description: 'Port of the application master: a port, a list or a range. 0 lets the system choose.',
});

export const yarnPerJobClusterIncludeUserJar = option({
  key: 'yarn.per-job-cluster.include-user-jar',
  type: oneOf('ORDER', 'FIRST', 'LAST', 'DISABLED'),
  default: 'ORDER',
  group,
  takesEffect: 'not-yet',
  aliases: ['yarn.classpath.include-user-jar'],
  description: 'Where the program comes in the search order of modules of a cluster for one job.',
});

export const yarnContainerStartCommandTemplate = option({
  key: 'yarn.container-start-command-template',
  type: string,
  group,
  takesEffect: 'yes',
  default: '%java% %jvmmem% %jvmopts% %logging% %class% %args% %redirects%',
  description: 'How the command that starts a process in a container is put together.',
});

export const yarnApplicationId = option({
  key: 'yarn.application.id',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Application to work with. The flag "-yid" sets it.',
});

export const yarnApplicationName = option({
  key: 'yarn.application.name',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Name of the application. The flag "-ynm" sets it.',
});

export const yarnApplicationQueue = option({
  key: 'yarn.application.queue',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Queue of the application. The flag "-yqu" sets it.',
});

export const yarnApplicationType = option({
  key: 'yarn.application.type',
  type: string,
  default: 'Apache Flink',
  group,
  takesEffect: 'yes',
  description: 'Type of the application. The flag "-yat" sets it.',
});

export const yarnApplicationPriority = option({
  key: 'yarn.application.priority',
  type: int,
  default: '-1',
  group,
  takesEffect: 'yes',
  description: 'Priority of the application. Negative: what YARN has by default.',
});

export const yarnApplicationNodeLabel = option({
  key: 'yarn.application.node-label',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Label of the nodes on which the application runs. The flag "-ynl" sets it.',
});

export const yarnShipFiles = option({
  key: 'yarn.ship-files',
  type: stringList,
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['yarn.ship-directories'],
  description: 'Files and directories that are copied into every container. The flag "-yt" sets it.',
});

export const yarnShipArchives = option({
  key: 'yarn.ship-archives',
  type: stringList,
  group,
  takesEffect: 'yes',
  description: 'Archives that are unpacked in every container.',
});

export const yarnProvidedLibDirs = option({
  key: 'yarn.provided.lib.dirs',
  type: stringList,
  group,
  takesEffect: 'yes',
  description:
    'Directories in HDFS that hold flink-ts and Node already, under their names of "<home>/.flink/cache", so that they are not uploaded.',
});

export const yarnStagingDirectory = option({
  key: 'yarn.staging-directory',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: "the user's home directory",
  description: 'Directory below which files are staged for the application.',
});

export const yarnFileReplication = option({
  key: 'yarn.file-replication',
  type: int,
  default: '-1',
  group,
  takesEffect: 'yes',
  description: 'Replication of staged files. -1: what HDFS has by default.',
});

export const yarnLocalizedKeytabPath = option({
  key: 'yarn.security.kerberos.localized-keytab-path',
  type: string,
  default: 'krb5.keytab',
  group,
  takesEffect: 'not-yet',
  description: 'Where a container finds the keytab.',
});

export const yarnShipLocalKeytab = option({
  key: 'yarn.security.kerberos.ship-local-keytab',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  description: 'Whether the keytab is copied into the containers.',
});

export const flinkYarn = mapOption({
  key: 'flink.yarn',
  group,
  takesEffect: 'yes',
  description: 'YARN settings that win over Hadoop\'s own files: "flink.yarn.<key>: value" sets "yarn.<key>".',
});
