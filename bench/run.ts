import { parseArgs } from 'node:util';
import { type Backend, BACKEND_SETTINGS, type BenchedJob, benchedJobs } from './harness/benched-jobs.js';
import { runChild } from './harness/child.js';
import { type Measurement, millionsPerCpuSecond, millionsPerSecond } from './harness/measurement.js';
import { inPackage } from './harness/package-root.js';
import { PeerCluster, peerDirectory } from './harness/peer.js';
import { ResultsFile } from './harness/results-file.js';
import { showSpread, spreadOf } from './harness/spread.js';
import { StandaloneCluster } from './harness/standalone-cluster.js';
import { markdownTable } from './harness/table.js';
import { givenText, zipfFile } from './harness/zipf-file.js';

/* Measures jobs on a standalone cluster, and beside them, with --with-flink, the same jobs of the real Flink. See README.md. */
const PARALLELISM = 2;
const EXCHANGE = 'exchange';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '20000000' },
    keys: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    text: { type: 'string' },
    'text-bytes': { type: 'string', default: '250000000' },
    'check-events': { type: 'string', default: '1000000' },
    'check-bytes': { type: 'string', default: '10000000' },
    'no-check': { type: 'boolean', default: false },
    'with-flink': { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
  },
});
const results = new ResultsFile('jobs');

const text = values.text === undefined ? await zipfFile(Number(values['text-bytes'])) : givenText(values.text);
const sizes = { parallelism: PARALLELISM, events: Number(values.events), keys: Number(values.keys), text: text.path, words: text.words };
const jobs = benchedJobs(sizes);
const names = positionals.length > 0 ? positionals : [...jobs.keys(), EXCHANGE];
const unknown = names.find((name) => !jobs.has(name) && name !== EXCHANGE);
if (unknown === undefined) await main();
else process.stderr.write(`there is no bench "${unknown}"; there are ${[...jobs.keys(), EXCHANGE].join(', ')}\n`);
process.exitCode = unknown === undefined ? 0 : 1;

async function main(): Promise<void> {
  const chosen = names.flatMap((name) => jobs.get(name) ?? []);
  for (const backend of ['hashmap', 'rocksdb'] as const) {
    const onIt = chosen.filter((job) => (job.backend ?? 'hashmap') === backend);
    if (onIt.length > 0) await benchJobs(onIt, backend);
  }
  if (names.includes(EXCHANGE)) await benchExchange();
}

async function benchJobs(chosen: readonly BenchedJob[], backend: Backend): Promise<void> {
  const rows: string[][] = [];
  const settings = BACKEND_SETTINGS[backend];
  const peer = await startPeer(settings.peer);
  try {
    const ours = await StandaloneCluster.start({ settings: { ...settings.ours, ...profilerSettings() } });
    try {
      if (!values['no-check']) await checkJobs(ours, chosen);
      for (const job of chosen) rows.push(...rowsOf(job, await measure(job, ours, peer)));
    } finally {
      await ours.stop();
    }
  } finally {
    await peer?.stop();
  }
  const heads = ['job', 'engine', 'M/CPU s', 'M/s', 'net s', 'CPU s', 'RSS MB', 'ratio of M/CPU s', 'ratio of M/s'];
  process.stdout.write(`\nParallelism ${PARALLELISM}, median (min–max) of ${values.runs} runs, in millions of events or words:\n`);
  process.stdout.write(`${markdownTable(heads, rows)}\nAll runs: ${results.path}\n`);
}

/** The peer, when it is asked for and there. */
async function startPeer(settings: Readonly<Record<string, string>>): Promise<PeerCluster | undefined> {
  if (!values['with-flink']) return undefined;
  const directory = peerDirectory();
  if (directory !== undefined) return await PeerCluster.start(directory, settings);
  process.stderr.write('FLINK_PEER and PEER_HOME do not both name a directory: the real Flink is left out\n');
  return undefined;
}

/** Runs small forms of the jobs that compare their results with plain loops. */
async function checkJobs(cluster: StandaloneCluster, chosen: readonly BenchedJob[]): Promise<void> {
  const small = await zipfFile(Number(values['check-bytes']));
  const checked = benchedJobs({ ...sizes, events: Number(values['check-events']), text: small.path, words: small.words });
  for (const {
    ours: { name },
  } of chosen) {
    const job = checked.get(name)!.ours;
    await cluster.run({ ...job, args: [...job.args, '--check'] });
    process.stderr.write(`${name}: the result is that of a plain loop\n`);
  }
}

/** One unmeasured run of each engine, then measured runs in turn. */
async function measure({ ours: job, peer: peerJob }: BenchedJob, ours: StandaloneCluster, peer?: PeerCluster): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (let run = 0; run <= Number(values.runs); run++) {
    const round = [await ours.run(job), ...(peer ? [await peer.run(job.name, peerJob)] : [])];
    for (const measurement of round) report(measurement, run);
    if (run > 0) measurements.push(...round);
  }
  return measurements;
}

function report(measurement: Measurement, run: number): void {
  const { engine, job, netSeconds, cpuSeconds, rssMb } = measurement;
  results.add({ ...measurement, run, parallelism: PARALLELISM, keys: sizes.keys });
  const speed = `${millionsPerCpuSecond(measurement).toFixed(2)} M/CPU s, ${millionsPerSecond(measurement).toFixed(2)} M/s`;
  const usage = `net ${netSeconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, RSS ${rssMb.toFixed(0)} MB`;
  process.stderr.write(`${job} ${engine} ${run === 0 ? 'warm-up' : `run ${run}`}: ${speed}, ${usage}\n`);
}

function rowsOf({ ours }: BenchedJob, measurements: readonly Measurement[]): string[][] {
  const engines = [...new Set(measurements.map(({ engine }) => engine))];
  const median = (engine: string, numberOf: (measurement: Measurement) => number): number =>
    spreadOf(measurements.filter((each) => each.engine === engine).map(numberOf)).median;
  const ratio = (engine: string, numberOf: (measurement: Measurement) => number): string =>
    engine === 'flink-ts' && engines.length > 1 ? (median(engine, numberOf) / median('flink', numberOf)).toFixed(2) : '';
  return engines.map((engine) => {
    const spread = (numberOf: (measurement: Measurement) => number): string =>
      showSpread(spreadOf(measurements.filter((each) => each.engine === engine).map(numberOf)));
    return [
      ours.name,
      engine,
      spread(millionsPerCpuSecond),
      spread(millionsPerSecond),
      spread(({ netSeconds }) => netSeconds),
      spread(({ cpuSeconds }) => cpuSeconds),
      median(engine, ({ rssMb }) => rssMb).toFixed(0),
      ratio(engine, millionsPerCpuSecond),
      ratio(engine, millionsPerSecond),
    ];
  });
}

/** With --cpu-prof DIR every slot's thread leaves a profile. */
function profilerSettings(): Record<string, string> {
  const directory = values['cpu-prof'];
  return directory === undefined ? {} : { 'env.java.opts.taskmanager': `--cpu-prof --cpu-prof-dir=${directory}` };
}

async function benchExchange(): Promise<void> {
  const { stdout, stderr, exitCode } = await runChild(process.execPath, [inPackage('dist', 'runtime', 'exchange', 'exchange.bench.js')]);
  process.stdout.write(`\nExchange alone:\n${stdout}${stderr}`);
  if (exitCode !== 0) throw new Error(`the exchange bench ended with ${exitCode}`);
}
