import { HadoopConfiguration } from '#conf';
import { joinPath, type FileSystem } from '#core';
import { simpleAuthentication } from '#security';
import { connectTo, type HdfsConnection } from '../../../connectors/hdfs/hdfs-connection.js';
import { HdfsFileSystem } from '../../../connectors/hdfs/hdfs-file-system.js';
import { NameNodeClient } from '../../../connectors/hdfs/name-node-client.js';
import { type FileSystemUnderTest, textOf } from '../../support/file-system-contract.js';
import type { Testbed } from '../../testbed/testbed.js';

function connection(testbed: Testbed): HdfsConnection {
  const properties = Object.entries(testbed.plan.conf).map(([name, value]) => ({ name, value, final: false, file: 'test' }));
  return connectTo(new HadoopConfiguration(properties), '');
}

/** The testbed's HDFS, as its user sees it. */
export function hdfsOf(testbed: Testbed): HdfsFileSystem {
  return new HdfsFileSystem(() => Promise.resolve(connection(testbed)));
}

/** The same as somebody else sees it. */
export function hdfsAs(testbed: Testbed, userName: string): HdfsFileSystem {
  const own = connection(testbed);
  const client = new NameNodeClient(own.client.pages, simpleAuthentication(userName), own.client.authority);
  return new HdfsFileSystem(() => Promise.resolve({ ...own, client }));
}

let directories = 0;

/** A directory of its own. */
export async function emptyDirectory(files: FileSystem): Promise<FileSystemUnderTest> {
  const root = joinPath('hdfs:///tmp', `test-${++directories}`);
  await files.delete(root, { recursive: true });
  await files.makeDirectories(root);
  return { files, root };
}

/** The lines of all finished files of a directory, none where there is none. */
export async function hdfsLines(files: FileSystem, directory: string): Promise<string[]> {
  if (!(await files.exists(directory))) return [];
  const finished = (await files.list(directory)).filter(({ path }) => !path.slice(directory.length + 1).startsWith('.'));
  const texts = await Promise.all(finished.map(({ path }) => textOf(files, path)));
  return texts.flatMap((text) => text.split('\n').slice(0, -1));
}
