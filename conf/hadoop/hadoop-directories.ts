import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../configuration-directory.js';
import type { Configuration } from '../configuration.js';
import { flinkHadoop, fsHdfsHadoopconf, fsHdfsHdfsdefault, fsHdfsHdfssite } from '../options/file-systems.js';
import { envHadoopConfDir, envYarnConfDir } from '../options/processes.js';
import { flinkYarn } from '../options/yarn.js';
import { HadoopConfiguration, type ExpansionSources } from './hadoop-configuration.js';
import { readHadoopFile, type HadoopProperty } from './hadoop-file.js';

const FILES = ['core-site.xml', 'hdfs-site.xml', 'yarn-site.xml'] as const;

/**
 * Hadoop files that exist, in the order in which they override each other: first the files `fs.hdfs.hdfsdefault` and `fs.hdfs.hdfssite`,
 * then `core-site.xml`, `hdfs-site.xml` and `yarn-site.xml` of the directories `fs.hdfs.hadoopconf`, `HADOOP_CONF_DIR` (else
 * `env.hadoop.conf.dir`), `YARN_CONF_DIR` (else `env.yarn.conf.dir`), `$HADOOP_HOME/conf` and `$HADOOP_HOME/etc/hadoop`.
 */
export async function findHadoopFiles(configuration: Configuration, environment: Environment = process.env): Promise<readonly string[]> {
  const home = environment['HADOOP_HOME'];
  const directories = [
    configuration.get(fsHdfsHadoopconf),
    environment['HADOOP_CONF_DIR'] || configuration.get(envHadoopConfDir),
    environment['YARN_CONF_DIR'] || configuration.get(envYarnConfDir),
    home && join(home, 'conf'),
    home && join(home, 'etc', 'hadoop'),
  ]
    .filter((directory) => directory !== undefined)
    .filter((directory) => directory !== '');
  const candidates = [
    configuration.get(fsHdfsHdfsdefault),
    configuration.get(fsHdfsHdfssite),
    ...directories.flatMap((directory) => FILES.map((file) => join(directory, file))),
  ].filter((file) => file !== undefined);
  const present = await Promise.all(
    candidates.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => present[index]);
}

/** Hadoop's settings, as found, with those of `flink.hadoop.*` and `flink.yarn.*` over them. Throws `ConfigurationFileError`. */
export async function loadHadoopConfiguration(configuration: Configuration, sources: ExpansionSources = {}): Promise<HadoopConfiguration> {
  const files = await findHadoopFiles(configuration, sources.environment);
  const found = await Promise.all(files.map(readHadoopFile));
  // Ours come first and are final, so that they win even over values that Hadoop's files declare final.
  return new HadoopConfiguration([...ownProperties(configuration), ...found.flat()], sources);
}

function ownProperties(configuration: Configuration): readonly HadoopProperty[] {
  const property =
    (key: string) =>
    ([name, value]: readonly [string, string]): HadoopProperty => ({
      name: key === flinkYarn.key ? `yarn.${name}` : name,
      value,
      final: true,
      file: `${key}.${name}`,
    });
  return [flinkHadoop, flinkYarn].flatMap((option) => Object.entries(configuration.get(option)).map(property(option.key)));
}
