import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { invariant, newJobId, type TaskManagerId, type VertexId } from '#core';
import type { JobGraph, JobVertex } from '../plan/job-graph.js';
import type { Placement, SlotDeployment } from '../task/deployment.js';
import type { HostCommand, HostReport } from './exchange-host.bench.js';

/*
 * Records of 6 fields and about 100 bytes, hashed by a field from 2 producing to 2 consuming slots, each a thread: within a process, and
 * between two processes over TCP. Checks that all records arrive with the same checksum. CPU time is that of all processes, the reading and
 * checking of records included.
 *
 *   node dist/runtime/exchange/exchange.bench.js [records of a producer in a round] [--profile DIRECTORY]
 *
 * What profiles of it showed (2 cores, Node 20):
 * - The producer decides. Of its time, a quarter is the encoding of the text heap (one `Buffer.write` a segment, nearly all of it the
 *   flattening of the collected text), a quarter the generated writer, a quarter choosing the channel and loading the record (cache misses:
 *   the records do not fit L2).
 * - A sample in `Doorbell.ring` is mostly the thread losing its core to the one it woke, not work. Ringing only once half of a ring is
 *   ready changed nothing that could be measured (243, 216 and 213 against 243, 207 and 204 ns), so every segment rings.
 * - A fifth of the consumer is the collection of records that die young.
 * - Between processes the senders' network thread spends 95 ns a record, nearly all in `writev`; the receivers' one copies segments
 *   from its read buffer to the ring for 20 ns, several taken from the kernel at once.
 */

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { profile: { type: 'string' } } });
const RECORDS = Number(positionals[0] ?? 1_500_000);
/** Options of Node that write a profile of each thread. */
const PROFILING = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
const ROUNDS = 4;
const PARALLELISM = 2;
const SOURCE = 'a'.repeat(32) as VertexId;
const SINK = 'b'.repeat(32) as VertexId;

function vertex(id: VertexId): JobVertex {
  return {
    id,
    name: id,
    parallelism: PARALLELISM,
    maxParallelism: 128,
    slotSharingGroup: 'default',
    operators: [],
    links: [],
    coordinated: false,
  };
}

function graph(): JobGraph {
  return {
    jobId: newJobId(),
    name: 'bench',
    fingerprint: '',
    description: '',
    vertices: [vertex(SOURCE), vertex(SINK)],
    shipped: {},
    scratch: [],
    settings: {
      runtimeMode: 'STREAMING',
      maxParallelism: undefined,
      chaining: true,
      globalJobParameters: {},
      configuration: {},
      autoWatermarkIntervalMs: 200,
    },
    edges: [
      {
        id: 0,
        from: SOURCE,
        fromNode: 1,
        to: SINK,
        toNode: 2,
        input: 0,
        partitioning: 'hash',
        outputTag: undefined,
        bufferTimeoutMs: 100,
        combine: false,
      },
    ],
    program: {
      bundle: '' as JobGraph['program']['bundle'],
      file: '',
      args: [],
      entry: undefined,
      executionIndex: 0,
      clockStartMs: 0,
      randomSeed: 0,
      environment: {},
      defaultParallelism: PARALLELISM,
      configuration: {},
      onceResults: [],
      earlierResults: [],
    },
  };
}

async function ask<T extends HostReport['type']>(
  host: ChildProcess,
  command: HostCommand,
  expected: T,
): Promise<Extract<HostReport, { type: T }>> {
  host.send(command);
  const [report] = (await once(host, 'message')) as [HostReport];
  invariant(report.type === expected, `the host answers "${expected}"`);
  return report as Extract<HostReport, { type: T }>;
}

interface Host {
  readonly process: ChildProcess;
  readonly id: TaskManagerId;
  readonly port: number;
}

async function startHost(index: number): Promise<Host> {
  const child = fork(new URL('./exchange-host.bench.js', import.meta.url), { serialization: 'advanced', execArgv: PROFILING });
  const { port } = await ask(child, { type: 'start' }, 'started');
  return { process: child, id: `host-${index}` as TaskManagerId, port };
}

function place(vertexId: VertexId, subtaskIndex: number, host: Host, slot: number): Placement {
  return { vertexId, subtaskIndex, taskManagerId: host.id, host: '127.0.0.1', dataPort: host.port, slot };
}

async function deploy(hosts: readonly Host[], declared: boolean): Promise<void> {
  const consumerHost = hosts[1] ?? hosts[0]!;
  const firstSlot = hosts.length === 1 ? PARALLELISM : 0;
  const subtasks = Array.from({ length: PARALLELISM }, (_, index) => index);
  const placements = [
    ...subtasks.map((index) => place(SOURCE, index, hosts[0]!, index)),
    ...subtasks.map((index) => place(SINK, index, consumerHost, firstSlot + index)),
  ];
  const job = graph();
  for (const host of hosts) {
    const deployments = placements
      .filter(({ taskManagerId }) => taskManagerId === host.id)
      .map((own): SlotDeployment => ({
        graph: job,
        attempt: 0,
        attemptNumber: 0,
        slot: own.slot,
        subtasks: [own],
        restores: [],
        placements,
      }));
    await ask(host.process, { type: 'deploy', deployments, declared }, 'deployed');
  }
}

async function measure(name: string, processes: number, declared: boolean): Promise<void> {
  const hosts = await Promise.all(Array.from({ length: processes }, (_, index) => startHost(index)));
  await deploy(hosts, declared);
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    const done = await Promise.all(hosts.map((host) => ask(host.process, { type: 'round', records: RECORDS }, 'done')));
    const seconds = (performance.now() - start) / 1000;
    const sums = { producer: { records: 0, bytes: 0, checksum: 0 }, consumer: { records: 0, bytes: 0, checksum: 0 } };
    for (const { role, records, bytes, checksum } of done.flatMap(({ results }) => results)) {
      sums[role].records += records;
      sums[role].bytes += bytes;
      sums[role].checksum += checksum;
    }
    invariant(sums.producer.records === sums.consumer.records, 'every record arrives');
    invariant(sums.producer.checksum === sums.consumer.checksum, 'records arrive as they were');
    const cpuNs = (done.reduce((sum, { cpuMs }) => sum + cpuMs, 0) * 1e6) / sums.consumer.records;
    const figures = [
      `${(sums.consumer.records / seconds / 1e6).toFixed(2)} M records/s`,
      `${(sums.consumer.bytes / seconds / 1e6).toFixed(0)} MB/s`,
      `${cpuNs.toFixed(0)} CPU ns/record`,
    ];
    process.stdout.write(`${name.padEnd(36)} ${round === 0 ? 'cold' : 'warm'}  ${figures.join('  ')}\n`);
  }
  for (const host of hosts) {
    await ask(host.process, { type: 'end' }, 'ended');
    host.process.disconnect();
  }
}

await measure('slots of a process, declared type', 1, true);
await measure('slots of a process, inferred type', 1, false);
await measure('two processes, declared type', 2, true);
await measure('two processes, inferred type', 2, false);
