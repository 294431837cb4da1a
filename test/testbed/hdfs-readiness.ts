import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Daemon } from './daemon.js';
import { dataOf, NAME_SERVICE } from './hdfs.js';
import { httpJson } from './http-json.js';
import { javaArguments } from './java-daemon.js';
import { poll } from './poll.js';

const run = promisify(execFile);
const COMMAND_MS = 60_000;
const READY_MS = 60_000;
const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const ADMIN = 'org.apache.hadoop.hdfs.tools.DFSHAAdmin';

/** What is needed to look after HDFS. */
export interface HdfsPlace {
  readonly home: string;
  readonly jars: string;
  readonly conf: Readonly<Record<string, string>>;
}

/** Base addresses of the NameNodes' web interfaces. */
export function nameNodePages({ conf }: HdfsPlace): readonly string[] {
  const keys = Object.keys(conf).filter((key) => key.startsWith('dfs.namenode.http-address'));
  return keys.sort().map((key) => `http://${conf[key]!}`);
}

/** Makes the empty file system, once. The second of two NameNodes starts with a copy of the first's. */
export async function formatNameNodes(place: HdfsPlace): Promise<void> {
  const first = dataOf(place, 'namenode-1');
  if (existsSync(join(first, 'current'))) return;
  const pair = nameNodePages(place).length === 2;
  const conf: Record<string, string> = pair ? { 'dfs.ha.namenode.id': 'nn1' } : {};
  await runJava(place, { main: NAME_NODE, heapMb: 128, conf, args: ['-format', '-nonInteractive'] });
  if (pair) cpSync(first, dataOf(place, 'namenode-2'), { recursive: true });
}

/** Runs a program of Hadoop's to its end. Throws, with what it wrote, when it fails. */
export async function runJava(place: HdfsPlace, program: Parameters<typeof javaArguments>[1]): Promise<void> {
  const environment = { ...process.env, HADOOP_CONF_DIR: join(place.home, 'conf') };
  await run('java', javaArguments(place, program), { cwd: place.home, env: environment, timeout: COMMAND_MS });
}

/** Makes one of two NameNodes (1 or 2) the active one; the other, if it lives, becomes the standby. */
export async function makeActive(place: HdfsPlace, number: 1 | 2): Promise<void> {
  const admin = (...args: string[]): Promise<void> => runJava(place, { main: ADMIN, heapMb: 64, args: ['-ns', NAME_SERVICE, ...args] });
  const other = number === 1 ? 2 : 1;
  if ((await stateOf(place, other)) === 'active') await admin('-transitionToStandby', `nn${other}`);
  await admin('-transitionToActive', '--forceactive', `nn${number}`);
}

/** `active`, `standby`, or undefined when it does not answer. */
export async function stateOf(place: HdfsPlace, number: 1 | 2): Promise<string | undefined> {
  const page = nameNodePages(place)[number - 1];
  return page === undefined ? undefined : stateAt(page).catch(() => undefined);
}

async function stateAt(page: string): Promise<string> {
  return String((await bean(page, 'NameNodeStatus'))['State']);
}

async function bean(page: string, name: string, service = 'NameNode'): Promise<Record<string, unknown>> {
  const answer = (await httpJson(`${page}/jmx?qry=Hadoop:service=${service},name=${name}`)) as { beans: Record<string, unknown>[] };
  const [first] = answer.beans;
  if (first === undefined) throw new Error(`${page} has no ${name} yet`);
  return first;
}

/** Waits until the active NameNode is out of safe mode and as many DataNodes as run have reported. */
export async function hdfsReady(place: HdfsPlace, daemons: readonly Daemon[]): Promise<void> {
  const dataNodes = daemons.filter(({ name }) => name.startsWith('datanode'));
  const pages = nameNodePages(place);
  const activeOne = async (): Promise<boolean> => {
    for (const page of pages) if (await isReady(page, dataNodes.length)) return true;
    return false;
  };
  await poll('HDFS being ready', READY_MS, async () => {
    for (const daemon of daemons) daemon.assertRuns();
    return (await Promise.all(dataNodes.map(hasReported))).every(Boolean) && (await activeOne());
  });
}

/** Asked at the DataNode: the NameNode counts one that was killed as alive for some seconds, and so one that is just starting again. */
async function hasReported(dataNode: Daemon): Promise<boolean> {
  const page = `http://${dataNode.setting('dfs.datanode.http.address')!}`;
  const info = await bean(page, 'DataNodeInfo', 'DataNode').catch(() => undefined);
  const actors = JSON.parse((info?.['BPServiceActorInfo'] as string | undefined) ?? '[]') as readonly { ActorState: string }[];
  return actors.length > 0 && actors.every(({ ActorState: state }) => state === 'RUNNING');
}

async function isReady(page: string, dataNodes: number): Promise<boolean> {
  try {
    if ((await stateAt(page)) !== 'active') return false;
    const { NumLiveDataNodes: live } = await bean(page, 'FSNamesystemState');
    const { Safemode: safeMode } = await bean(page, 'NameNodeInfo');
    return live === dataNodes && safeMode === '';
  } catch {
    return false;
  }
}

/** Waits until every NameNode that runs answers, in whatever state. */
export async function nameNodesAnswer(place: HdfsPlace, daemons: readonly Daemon[]): Promise<void> {
  await poll('answer of the NameNodes', READY_MS, async () => {
    for (const daemon of daemons) daemon.assertRuns();
    await Promise.all(nameNodePages(place).map(stateAt));
    return true;
  });
}

/** Home directories are not made by themselves; `/tmp` is everybody's. */
export async function makeStandardDirectories(place: HdfsPlace): Promise<void> {
  const { username } = userInfo();
  for (const [path, permission] of [
    ['/tmp', '1777'],
    [`/user/${username}`, '755'],
  ] as const) {
    await poll(`directory ${path}`, READY_MS, async () => {
      const query = `op=MKDIRS&permission=${permission}&user.name=${encodeURIComponent(username)}`;
      const attempts = nameNodePages(place).map((page) => httpJson(`${page}/webhdfs/v1${path}?${query}`, 'PUT'));
      await Promise.any(attempts);
      return true;
    });
  }
}
