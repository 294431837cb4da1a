import { Configuration, type ConfigurationJson, loadHadoopConfiguration } from '#conf';
import { connectTo } from './hdfs-connection.js';
import { HdfsFileSystem } from './hdfs-file-system.js';

/** Makes the file systems of authorities with the Hadoop configuration that `configuration` leads to; it is read at the first use, once. */
export function hdfsOf(configuration: ConfigurationJson): (authority: string) => HdfsFileSystem {
  let hadoop: ReturnType<typeof loadHadoopConfiguration> | undefined;
  return (authority) => {
    return new HdfsFileSystem(async () => {
      return connectTo(await (hadoop ??= loadHadoopConfiguration(Configuration.fromJSON(configuration))), authority);
    });
  };
}
