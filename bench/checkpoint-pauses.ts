import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processUsage } from './harness/process-usage.js';
import { ResultsFile } from './harness/results-file.js';
import { StandaloneCluster } from './harness/standalone-cluster.js';
import { markdownTable } from './harness/table.js';
import { until } from './harness/until.js';
import { PAUSE_RANGES_MS, type PauseSummary } from './jobs/pause-histogram.js';

/*
 * Ten checkpoints of a large keyed state (10 M keys of 100 bytes, on two slots) while records go on: how long the gaps between two records
 * are, what each checkpoint writes after 1 % of the keys changed at random, and how memory grows.
 */
const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '10000000' },
    rate: { type: 'string', default: '20000' },
    checkpoints: { type: 'string', default: '10' },
    backend: { type: 'string', default: 'hashmap' },
  },
});
const PARALLELISM = 2;
const KEYS = Number(values.keys);
const LOAD_MS = 600_000;
const CHECKPOINT_MS = 300_000;
/** What comes before a checkpoint: changes of 1 % of the keys. */
const BETWEEN_MS = (KEYS / 100 / Number(values.rate)) * 1000;

interface Checkpoint {
  readonly id: number;
  readonly status: string;
  readonly checkpointed_size: number;
  readonly state_size: number;
  readonly end_to_end_duration: number;
}

const results = new ResultsFile('checkpoint-pauses');
const directory = mkdtempSync(join(tmpdir(), 'flink-ts-checkpoint-pauses-'));
const out = join(directory, 'pauses');
const cluster = await StandaloneCluster.start({
  settings: {
    'state.backend': values.backend,
    'state.checkpoints.dir': join(directory, 'checkpoints'),
    'taskmanager.memory.process.size': '8g',
  },
});
try {
  const empty = rssMb();
  const job = await cluster.startDetached('bench/jobs/large-state.ts', PARALLELISM, [
    '--keys',
    values.keys,
    '--rate',
    values.rate,
    '--out',
    out,
  ]);
  await loaded(job);
  const before = rssMb();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, rssMb());
  }, 100);
  const rows: string[][] = [];
  for (let count = 0; count < Number(values.checkpoints); count++) {
    await delay(BETWEEN_MS);
    rows.push(checkpointRow(await checkpoint(job)));
  }
  clearInterval(watch);
  await cluster.cancelDetached();
  report(rows, { empty, before, most });
} finally {
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

function rssMb(): number {
  return processUsage(cluster.taskManagerPid)?.rssMb ?? Number.NaN;
}

/** Memory stands still when all records are made. */
async function loaded(job: string): Promise<void> {
  let written = -1;
  await until('the making of all records', LOAD_MS, async () => {
    await delay(1000);
    const details = await cluster.get<{ readonly vertices: readonly { readonly status: string }[] }>(`/jobs/${job}`);
    const finished = details?.vertices.some(({ status }) => status === 'FINISHED') === true;
    const now = Math.round(rssMb() / 20);
    const still = finished || now === written;
    written = now;
    return finished && still ? true : undefined;
  });
  // the job takes gaps into account only after a while without records to make
  await delay(10_000);
}

async function checkpoint(job: string): Promise<Checkpoint> {
  const latest = await latestCheckpoint(job);
  await cluster.post(`/jobs/${job}/checkpoints`);
  return await until('a checkpoint', CHECKPOINT_MS, async () => {
    await delay(100);
    const now = await latestCheckpoint(job);
    return now !== undefined && now.id !== latest?.id ? now : undefined;
  });
}

async function latestCheckpoint(job: string): Promise<Checkpoint | undefined> {
  const status = await cluster.get<{ readonly latest: { readonly completed: Checkpoint | null } }>(`/jobs/${job}/checkpoints`);
  return status?.latest.completed ?? undefined;
}

function checkpointRow({ id, checkpointed_size: written, state_size: all, end_to_end_duration: ms }: Checkpoint): string[] {
  results.add({ checkpoint: id, writtenBytes: written, stateBytes: all, durationMs: ms });
  return [`${id}`, (written / 1e6).toFixed(1), (all / 1e6).toFixed(0), `${((100 * written) / all).toFixed(2)} %`, (ms / 1000).toFixed(1)];
}

function report(rows: readonly string[][], rss: { readonly empty: number; readonly before: number; readonly most: number }): void {
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  print(markdownTable(['checkpoint', 'written MB', 'state MB', 'part', 'seconds'], rows));
  const growth = (rss.most - rss.before) / (rss.before - rss.empty);
  print(`memory MB: ${rss.empty.toFixed(0)} empty, ${rss.before.toFixed(0)} with the state`);
  print(`at most ${rss.most.toFixed(0)} MB while checkpoints were made: ${percent(growth)} of the state's more`);
  const pauses = readdirSync(out).map((file) => JSON.parse(readFileSync(join(out, file), 'utf8')) as PauseSummary);
  const counts = PAUSE_RANGES_MS.map((_, range) => pauses.reduce((sum, each) => sum + each.counts[range]!, 0));
  const heads = PAUSE_RANGES_MS.map((end) => (Number.isFinite(end) ? `< ${end} ms` : 'longer'));
  print(markdownTable(heads, [counts.map(String)]));
  const longest = Math.max(...pauses.map(({ maxMs }) => maxMs));
  print(`longest gap between two records of a slot: ${longest.toFixed(1)} ms`);
  results.add({ ...rss, growth, counts, longestMs: longest });
  print(`All runs: ${results.path}`);
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
