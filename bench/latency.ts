import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PeerCluster, peerDirectory } from './harness/peer.js';
import { ResultsFile } from './harness/results-file.js';
import { StandaloneCluster } from './harness/standalone-cluster.js';
import { markdownTable } from './harness/table.js';

/*
 * How late events are that come through one keyed exchange and a state: parallelism 2, across slots, by buffer timeout. The source of
 * either engine emits each event when it is due, without sleeping; so on a machine of two cores it shares them with the consumers.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '750000' },
    rate: { type: 'string', default: '50000' },
    runs: { type: 'string', default: '2' },
    'with-flink': { type: 'boolean', default: false },
  },
});
const PARALLELISM = 2;
const BUFFER_TIMEOUTS = ['5', '0'];
const results = new ResultsFile('latency');

type Quantiles = Readonly<Record<'n' | 'p50.0' | 'p90.0' | 'p99.0' | 'p99.9' | 'max', number>>;

const directory = values['with-flink'] ? peerDirectory() : undefined;
const peer = directory === undefined ? undefined : await PeerCluster.start(directory);
try {
  const ours = await StandaloneCluster.start();
  try {
    await measureAll(ours);
  } finally {
    await ours.stop();
  }
} finally {
  await peer?.stop();
}

async function measureAll(ours: StandaloneCluster): Promise<void> {
  const rows: string[][] = [];
  for (const timeout of BUFFER_TIMEOUTS) {
    for (let run = 1; run <= Number(values.runs); run++) {
      rows.push(row('flink-ts', timeout, run, await measured((out) => runOurs(ours, timeout, out))));
      if (peer) rows.push(row('flink', timeout, run, await measured((out) => runPeer(peer, timeout, out))));
    }
  }
  const heads = ['buffer timeout ms', 'engine', 'run', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'max ms'];
  process.stdout.write(`${values.rate} events/s, parallelism ${PARALLELISM}, the slower subtask:\n${markdownTable(heads, rows)}\n`);
  process.stdout.write(`All runs: ${results.path}\n`);
}

async function runOurs(cluster: StandaloneCluster, timeout: string, out: string): Promise<void> {
  const args = ['--events', values.events, '--rate', values.rate, '--buffer-timeout', timeout, '--out', out];
  await cluster.run({ name: 'latency', program: 'bench/jobs/latency.ts', args, parallelism: PARALLELISM, records: Number(values.events) });
}

async function runPeer(cluster: PeerCluster, timeout: string, out: string): Promise<void> {
  const job = { job: 'latency', p: PARALLELISM, events: Number(values.events), evs: Number(values.rate), buffer: timeout, hops: 1, out };
  await cluster.run('latency', job);
}

/** The quantiles that the subtasks left, of each the largest. */
async function measured(run: (out: string) => Promise<void>): Promise<Quantiles> {
  const out = mkdtempSync(join(tmpdir(), 'flink-ts-latency-'));
  try {
    await run(out);
    const parts = readdirSync(out).map((file) => JSON.parse(readFileSync(join(out, file), 'utf8')) as Quantiles);
    const largest = (name: keyof Quantiles): number => Math.max(...parts.map((part) => part[name]));
    return {
      n: parts.reduce((sum, { n }) => sum + n, 0),
      'p50.0': largest('p50.0'),
      'p90.0': largest('p90.0'),
      'p99.0': largest('p99.0'),
      'p99.9': largest('p99.9'),
      max: largest('max'),
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function row(engine: string, timeout: string, run: number, quantiles: Quantiles): string[] {
  results.add({ engine, bufferTimeoutMs: Number(timeout), run, ...quantiles });
  const { 'p50.0': p50, 'p90.0': p90, 'p99.0': p99, 'p99.9': p999, max } = quantiles;
  return [timeout, engine, String(run), ...[p50, p90, p99, p999, max].map((ms) => ms.toFixed(3))];
}
