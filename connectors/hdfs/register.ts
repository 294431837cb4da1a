import type { ConfigurationJson } from '#conf';
import type { FileSystems } from '#core';
import { LazyFileSystem } from '../lazy-file-system.js';
import type { HdfsFileSystem } from './hdfs-file-system.js';

/** Serves `hdfs:` paths; what does it is loaded when one is used first. */
export function registerHdfs(fileSystems: FileSystems, configuration: ConfigurationJson): void {
  let loaded: Promise<(authority: string) => HdfsFileSystem> | undefined;
  fileSystems.registerFileSystem('hdfs', (authority) => {
    return new LazyFileSystem('hdfs', true, async () => {
      loaded ??= import('./hdfs-of.js').then(({ hdfsOf }) => hdfsOf(configuration));
      return (await loaded)(authority);
    });
  });
}
