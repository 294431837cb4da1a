import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { DaemonPlan } from './daemon.js';
import { javaDaemon } from './java-daemon.js';
import type { HdfsOptions, PlanContext, ServicePlan } from './service.js';

const HOST = '127.0.0.1';
export const NAME_SERVICE = 'ns1';

interface NameNodeAddress {
  readonly id: string;
  readonly rpc: string;
  readonly http: string;
}

/** Real HDFS: one NameNode, or two that share their edits, and DataNodes. */
export async function planHdfs(context: PlanContext, { dataNodes = 1, nameNodes = 1 }: HdfsOptions): Promise<ServicePlan> {
  const addresses: NameNodeAddress[] = [];
  for (let number = 1; number <= nameNodes; number++) {
    const rpc = `${HOST}:${await context.ports.next()}`;
    addresses.push({ id: `nn${number}`, rpc, http: `${HOST}:${await context.ports.next()}` });
  }
  const daemons = addresses.map((address, index) => nameNode(context, index + 1, nameNodes === 2 ? address : undefined));
  for (let number = 1; number <= dataNodes; number++) daemons.push(await dataNode(context, number));
  const own = nameNodes === 2 ? pairSettings(context, addresses) : singleSettings(context, addresses[0]!);
  const conf = { ...commonSettings(context, dataNodes), ...own };
  return { name: 'hdfs', daemons, conf, exports: exported(own['fs.defaultFS']!, addresses) };
}

function exported(root: string, addresses: readonly NameNodeAddress[]): Record<string, string> {
  const pages = addresses.map(({ http }, index) => [`NAMENODE_HTTP${index === 0 ? '' : `_${index + 1}`}`, `http://${http}`]);
  return { HDFS_URI: root, ...(Object.fromEntries(pages) as Record<string, string>) };
}

function nameNode(context: PlanContext, number: number, ofPair: NameNodeAddress | undefined): DaemonPlan {
  const conf: Record<string, string> = ofPair === undefined ? {} : { 'dfs.ha.namenode.id': ofPair.id };
  return javaDaemon(context, `namenode-${number}`, 'hdfs', { main: 'org.apache.hadoop.hdfs.server.namenode.NameNode', heapMb: 128, conf });
}

async function dataNode(context: PlanContext, number: number): Promise<DaemonPlan> {
  const { ports } = context;
  const conf = {
    'dfs.datanode.address': `${HOST}:${await ports.next()}`,
    'dfs.datanode.http.address': `${HOST}:${await ports.next()}`,
    'dfs.datanode.ipc.address': `${HOST}:${await ports.next()}`,
    'dfs.datanode.data.dir': `file://${dataOf(context, `datanode-${number}`)}`,
  };
  return javaDaemon(context, `datanode-${number}`, 'hdfs', { main: 'org.apache.hadoop.hdfs.server.datanode.DataNode', heapMb: 96, conf });
}

function singleSettings(context: PlanContext, { rpc, http }: NameNodeAddress): Record<string, string> {
  return {
    'fs.defaultFS': `hdfs://${rpc}`,
    'dfs.namenode.rpc-address': rpc,
    'dfs.namenode.http-address': http,
    'dfs.namenode.name.dir': `file://${dataOf(context, 'namenode-1')}`,
  };
}

function pairSettings(context: PlanContext, addresses: readonly NameNodeAddress[]): Record<string, string> {
  const conf: Record<string, string> = {
    'fs.defaultFS': `hdfs://${NAME_SERVICE}`,
    'dfs.nameservices': NAME_SERVICE,
    [`dfs.ha.namenodes.${NAME_SERVICE}`]: addresses.map(({ id }) => id).join(','),
    [`dfs.client.failover.proxy.provider.${NAME_SERVICE}`]: 'org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider',
    'dfs.namenode.shared.edits.dir': `file://${dataOf(context, 'shared-edits')}`,
    'dfs.ha.fencing.methods': 'shell(/bin/true)',
    'dfs.ha.tail-edits.period': '1',
  };
  addresses.forEach(({ id, rpc, http }, index) => {
    conf[`dfs.namenode.rpc-address.${NAME_SERVICE}.${id}`] = rpc;
    conf[`dfs.namenode.http-address.${NAME_SERVICE}.${id}`] = http;
    conf[`dfs.namenode.name.dir.${NAME_SERVICE}.${id}`] = `file://${dataOf(context, `namenode-${index + 1}`)}`;
  });
  return conf;
}

/** Blocks are small, so that files of some megabytes have several; a lost DataNode is missed after about 12 s. */
function commonSettings({ home }: PlanContext, dataNodes: number): Record<string, string> {
  const { username } = userInfo();
  return {
    'hadoop.tmp.dir': join(home, 'data', 'tmp'),
    [`hadoop.proxyuser.${username}.hosts`]: '*',
    [`hadoop.proxyuser.${username}.groups`]: '*',
    'dfs.replication': String(Math.min(dataNodes, 2)),
    'dfs.blocksize': '16777216',
    'dfs.namenode.fs-limits.min-block-size': '1024',
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
    'dfs.namenode.safemode.extension': '0',
    'dfs.namenode.edits.noeditlogchannelflush': 'true',
    'dfs.namenode.heartbeat.recheck-interval': '1000',
    'dfs.heartbeat.interval': '1',
    'dfs.namenode.stale.datanode.interval': '3000',
    'dfs.namenode.avoid.read.stale.datanode': 'true',
    'dfs.namenode.avoid.write.stale.datanode': 'true',
    'dfs.datanode.du.reserved': '0',
  };
}

export function dataOf({ home }: { readonly home: string }, name: string): string {
  return join(home, 'data', name);
}
