import { tmpdir } from 'node:os';
import { mapOption, option } from '../option.js';
import { pathList } from '../types/lists.js';
import { boolean, string } from '../types/scalars.js';

const group = 'Files and file systems';

export const fsDefaultScheme = option({
  key: 'fs.default-scheme',
  type: string,
  default: 'file:///',
  group,
  takesEffect: 'yes',
  description: 'What is put before paths that have no scheme, such as "hdfs://namenode:9000/".',
});

export const fsHdfsHadoopconf = option({
  key: 'fs.hdfs.hadoopconf',
  type: string,
  group,
  takesEffect: 'yes',
  description:
    'Absolute path of a directory with "core-site.xml" and "hdfs-site.xml". What HADOOP_CONF_DIR and HADOOP_HOME have is merged ' +
    'over it, save values marked final.',
});

export const fsHdfsHdfsdefault = option({
  key: 'fs.hdfs.hdfsdefault',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Absolute path of a "hdfs-default.xml", read before all other Hadoop files.',
});

export const fsHdfsHdfssite = option({
  key: 'fs.hdfs.hdfssite',
  type: string,
  group,
  takesEffect: 'yes',
  description: 'Absolute path of a "hdfs-site.xml", read after "fs.hdfs.hdfsdefault".',
});

export const flinkHadoop = mapOption({
  key: 'flink.hadoop',
  group,
  takesEffect: 'yes',
  description: 'Hadoop settings that win over Hadoop\'s own files: "flink.hadoop.dfs.replication: 2".',
});

export const fsOverwriteFiles = option({
  key: 'fs.overwrite-files',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  description: 'Whether outputs replace existing files. A write mode given in the program wins.',
});

export const fsOutputAlwaysCreateDirectory = option({
  key: 'fs.output.always-create-directory',
  type: boolean,
  default: 'false',
  group,
  takesEffect: 'yes',
  description: 'Whether an output of parallelism 1 is a directory with one file, rather than a file.',
});

export const taskManagerTmpDirs = option({
  key: 'taskmanager.tmp.dirs',
  type: pathList,
  default: tmpdir,
  group,
  takesEffect: 'yes',
  aliases: ['io.tmp.dirs'],
  defaultNote: "the system temp directory (on YARN: the container's)",
  description: 'Directories for temporary files, separated by ":" or ",", used in turn. One may be named more than once, to be used more.',
});

export const taskManagerLogPath = option({
  key: 'taskmanager.log.path',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: 'the log file of the process',
  description: 'Log file of a TaskManager, also the one that the dashboard shows.',
});
