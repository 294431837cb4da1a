import { tmpdir } from 'node:os';
import { mapOption, option } from '../option.js';
import { boolean, intFrom, string } from '../types/scalars.js';
import { oneOf } from '../types/one-of.js';

const group = 'Processes';

export const envJavaHome = option({
  key: 'env.java.home',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: 'the Node that runs the script',
  description:
    'Directory of the Node installation that the scripts start processes with; it holds "bin/node". (Flink: of the Java installation.)',
});

export const envJavaOpts = option({
  key: 'env.java.opts',
  type: string,
  default: '',
  group,
  takesEffect: 'yes',
  aliases: ['env.java.opts.all'],
  defaultNote: 'empty',
  description:
    'Node flags for the JobManager, the TaskManagers and the client, such as "--max-old-space-size=2048" or "--inspect". ' +
    'Flags of the Java machine ("-XX:…", "-Xmx…") are left out with a warning.',
});

export const envJavaOptsJobManager = option({
  key: 'env.java.opts.jobmanager',
  type: string,
  default: '',
  group,
  takesEffect: 'yes',
  defaultNote: 'empty',
  description: 'Node flags for the JobManager, added to "env.java.opts".',
});

export const envJavaOptsTaskManager = option({
  key: 'env.java.opts.taskmanager',
  type: string,
  default: '',
  group,
  takesEffect: 'yes',
  defaultNote: 'empty',
  description: 'Node flags for TaskManagers, added to "env.java.opts".',
});

export const envJavaOptsClient = option({
  key: 'env.java.opts.client',
  type: string,
  default: '',
  group,
  takesEffect: 'not-yet',
  defaultNote: 'empty',
  description: 'Node flags for the command line client, added to "env.java.opts".',
});

export const envJavaOptsHistoryServer = option({
  key: 'env.java.opts.historyserver',
  type: string,
  default: '',
  group,
  takesEffect: 'not-yet',
  defaultNote: 'empty',
  description: 'Node flags for the history server, added to "env.java.opts".',
});

export const envJavaOptsSqlGateway = option({
  key: 'env.java.opts.sql-gateway',
  type: string,
  default: '',
  group,
  takesEffect: 'not-yet',
  defaultNote: 'empty',
  description: 'Node flags for the SQL gateway, added to "env.java.opts".',
});

export const envLogDir = option({
  key: 'env.log.dir',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: '"log" in the installation',
  description: 'Directory of the log files of processes started by the scripts.',
});

export const envLogMax = option({
  key: 'env.log.max',
  type: intFrom(1),
  default: '5',
  group,
  takesEffect: 'yes',
  description: 'How many old log files of a process are kept.',
});

export const envPidDir = option({
  key: 'env.pid.dir',
  type: string,
  default: tmpdir,
  group,
  takesEffect: 'yes',
  defaultNote: 'the system temp directory',
  description: 'Directory of the files in which the scripts note the processes they started.',
});

export const envSshOpts = option({
  key: 'env.ssh.opts',
  type: string,
  default: '',
  group,
  takesEffect: 'yes',
  defaultNote: 'empty',
  description: 'Options for the ssh with which the scripts reach other hosts.',
});

export const envHadoopConfDir = option({
  key: 'env.hadoop.conf.dir',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Directory of the Hadoop configuration, used when the environment variable HADOOP_CONF_DIR is not set.',
});

export const envYarnConfDir = option({
  key: 'env.yarn.conf.dir',
  type: string,
  group,
  takesEffect: 'not-yet',
  description: 'Directory of the YARN configuration, used when the environment variable YARN_CONF_DIR is not set.',
});

export const classloaderResolveOrder = option({
  key: 'classloader.resolve-order',
  type: oneOf('child-first', 'parent-first'),
  default: 'child-first',
  group,
  takesEffect: 'yes',
  description:
    'Which copy of a package a program gets when both it and flink-ts bring one: its own ("child-first") or that of flink-ts ' +
    '("parent-first").',
});

export const taskManagerComputeNuma = option({
  key: 'taskmanager.compute.numa',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'not-yet',
  description: 'Whether the scripts start one TaskManager on each NUMA node of a worker. Standalone clusters only.',
});

export const taskManagerJvmExitOnOom = option({
  key: 'taskmanager.jvm-exit-on-oom',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'meaningless',
  instead: 'Nothing needs to be set: a slot whose heap is full always ends, and its job fails or restarts.',
  description: 'Whether a TaskManager exits when its heap is full.',
});

export const containerizedMasterEnv = mapOption({
  key: 'containerized.master.env',
  group,
  takesEffect: 'yes',
  description: 'Environment variables of the application master: "containerized.master.env.NAME: value".',
});

export const containerizedTaskManagerEnv = mapOption({
  key: 'containerized.taskmanager.env',
  group,
  takesEffect: 'yes',
  description: 'Environment variables of TaskManagers in containers: "containerized.taskmanager.env.NAME: value".',
});
