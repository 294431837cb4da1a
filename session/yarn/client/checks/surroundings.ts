import { type Configuration, envHadoopConfDir, envYarnConfDir, fsHdfsHadoopconf } from '#conf';
import { splitPath } from '#core';
import type { QueueReport } from '../resource-manager/reports.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Warns when nothing says where Hadoop's files are. */
export function hadoopDirectoryWarnings(configuration: Configuration, environment: Environment): readonly string[] {
  const named = [environment['HADOOP_CONF_DIR'], environment['YARN_CONF_DIR'], ...configured(configuration)];
  if (named.some((directory) => directory !== undefined && directory !== '')) return [];
  return [
    'Neither the HADOOP_CONF_DIR nor the YARN_CONF_DIR environment variable is set. ' +
      'The Flink YARN Client needs one of these to be set to properly load the Hadoop configuration for accessing YARN.',
  ];
}

function configured(configuration: Configuration): readonly (string | undefined)[] {
  return [envHadoopConfDir, envYarnConfDir, fsHdfsHadoopconf].map((option) => configuration.get(option));
}

/** Warns when files are staged where the nodes may not see them. */
export function fileSystemWarnings(stagingDirectory: string): readonly string[] {
  const { scheme = 'file' } = splitPath(stagingDirectory);
  if (!scheme.startsWith('file')) return [];
  return [
    `The file system scheme is '${scheme}'. This indicates that the specified Hadoop configuration path is wrong and the system is ` +
      'using the default Hadoop configuration values. The Flink YARN client needs to store its files in a distributed file system',
  ];
}

/** Warns of a queue that is not there; YARN itself refuses it. */
export function queueWarnings(queue: string | undefined, queues: readonly QueueReport[]): readonly string[] {
  if (queue === undefined || queues.length === 0) return [];
  if (queues.some(({ name, path }) => name === queue || path === queue)) return [];
  return [`The specified queue '${queue}' does not exist. Available queues: ${queues.map(({ name }) => name).join(', ')}`];
}
