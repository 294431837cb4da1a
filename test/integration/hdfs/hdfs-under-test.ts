import { HadoopConfiguration } from '#conf';
import { joinPath, type FileSystem } from '#core';
import { HdfsFileSystem } from '../../../connectors/hdfs/hdfs-file-system.js';
import { connectTo } from '../../../connectors/hdfs/hdfs-connection.js';
import type { FileSystemUnderTest } from '../../support/file-system-contract.js';
import type { Testbed } from '../../testbed/testbed.js';

/** The testbed's HDFS, as a client sees it whose Hadoop configuration has some settings more. */
export function hdfsOf(testbed: Testbed, more: Readonly<Record<string, string>> = {}): HdfsFileSystem {
  const settings = { ...testbed.plan.conf, ...more };
  const properties = Object.entries(settings).map(([name, value]) => ({ name, value, final: false, file: 'test' }));
  return new HdfsFileSystem(() => Promise.resolve(connectTo(new HadoopConfiguration(properties), '')));
}

let directories = 0;

/** A directory of its own. */
export async function emptyDirectory(files: FileSystem): Promise<FileSystemUnderTest> {
  const root = joinPath('hdfs:///tmp', `test-${++directories}`);
  await files.delete(root, { recursive: true });
  await files.makeDirectories(root);
  return { files, root };
}
