import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { processUsage } from './harness/process-usage.js';
import { ResultsFile } from './harness/results-file.js';
import { spreadOf } from './harness/spread.js';
import { StandaloneCluster } from './harness/standalone-cluster.js';
import { markdownTable } from './harness/table.js';

/* A source that is much faster than its sink: the memory of the TaskManager early and late, which should be the same. */
const { values } = parseArgs({ options: { early: { type: 'string', default: '10' }, late: { type: 'string', default: '60' } } });
const PARALLELISM = 2;
const SAMPLES = 10;
const SAMPLE_EVERY_MS = 200;
/** How much more memory the later time may need. */
const LIMIT = 1.1;

const results = new ResultsFile('back-pressure');
const cluster = await StandaloneCluster.start();
try {
  const idle = await medianRss();
  await cluster.startDetached('bench/jobs/slow-sink.ts', PARALLELISM);
  const startMs = performance.now();
  const early = await rssAt(startMs, Number(values.early));
  const late = await rssAt(startMs, Number(values.late));
  await cluster.cancelDetached();
  results.add({ idle, early, late, ratio: late / early });
  const heads = ['idle MB', `after ${values.early} s MB`, `after ${values.late} s MB`, 'ratio'];
  process.stdout.write(`${markdownTable(heads, [[idle.toFixed(0), early.toFixed(0), late.toFixed(0), (late / early).toFixed(3)]])}\n`);
  if (late / early > LIMIT) process.exitCode = 1;
} finally {
  await cluster.stop();
}

async function rssAt(startMs: number, seconds: number): Promise<number> {
  await delay(startMs + seconds * 1000 - performance.now());
  return await medianRss();
}

/** The middle of some samples: garbage comes and goes. */
async function medianRss(): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    samples.push(processUsage(cluster.taskManagerPid)?.rssMb ?? Number.NaN);
    await delay(SAMPLE_EVERY_MS);
  }
  return spreadOf(samples).median;
}
