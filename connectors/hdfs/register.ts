import { loadHadoopConfiguration, type Configuration } from '#conf';
import type { FileSystems } from '#core';
import { connectTo } from './hdfs-connection.js';
import { HdfsFileSystem } from './hdfs-file-system.js';

/** Serves `hdfs:` paths with the Hadoop configuration that `configuration` leads to; it is read at the first use, once. */
export function registerHdfs(fileSystems: FileSystems, configuration: Configuration): void {
  let hadoop: ReturnType<typeof loadHadoopConfiguration> | undefined;
  fileSystems.registerFileSystem('hdfs', (authority) => {
    return new HdfsFileSystem(async () => connectTo(await (hadoop ??= loadHadoopConfiguration(configuration)), authority));
  });
}
