import type { HadoopConfiguration } from '#conf';
import { hadoopAuthentication } from '#security';
import { nameNodeAddresses } from './name-node-addresses.js';
import { NameNodeClient } from './name-node-client.js';

/** What of Hadoop's configuration decides about files that are written. Undefined: the NameNode's own default. */
export interface WriteDefaults {
  readonly replication: number | undefined;
  readonly blockSizeBytes: number | undefined;
  /** Bits that no new file or directory gets. */
  readonly umask: number | undefined;
}

/** All that is known about one `hdfs://` authority. */
export interface HdfsConnection {
  /** What URIs begin with, the host filled in: `hdfs://ns1`. */
  readonly root: string;
  readonly client: NameNodeClient;
  readonly defaults: WriteDefaults;
}

/** Throws `HdfsAddressError`, `KerberosNotSupportedError`. */
export function connectTo(hadoop: HadoopConfiguration, authority: string): HdfsConnection {
  const { root, pages } = nameNodeAddresses(hadoop, authority);
  return {
    root,
    client: new NameNodeClient(pages, hadoopAuthentication(hadoop), root.slice('hdfs://'.length)),
    defaults: writeDefaults(hadoop),
  };
}

function writeDefaults(hadoop: HadoopConfiguration): WriteDefaults {
  const replication = /^\d+$/.exec(hadoop.get('dfs.replication') ?? '')?.[0];
  const umask = /^[0-7]{1,4}$/.exec(hadoop.get('fs.permissions.umask-mode') ?? '')?.[0];
  return {
    replication: replication === undefined ? undefined : Number(replication),
    blockSizeBytes: sizeBytes(hadoop.get('dfs.blocksize')),
    umask: umask === undefined ? undefined : parseInt(umask, 8),
  };
}

/** Hadoop's sizes: `134217728`, `128m`, `1g`. */
function sizeBytes(text: string | undefined): number | undefined {
  const match = /^(\d+)([kmgtpe]?)$/i.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * 1024 ** ' kmgtpe'.indexOf((match[2] ?? '').toLowerCase() || ' ');
}
