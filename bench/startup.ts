import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runToSuccess } from './harness/child.js';
import { inPackage } from './harness/package-root.js';
import { processUsage } from './harness/process-usage.js';
import { ResultsFile } from './harness/results-file.js';
import { showSpread, spreadOf } from './harness/spread.js';
import { StandaloneCluster } from './harness/standalone-cluster.js';
import { markdownTable } from './harness/table.js';

/* How long a small local job takes to its first output, how long a cluster takes to start, and what it holds while idle. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' }, clusters: { type: 'string', default: '3' } } });
const results = new ResultsFile('startup');

/** How long a TaskManager may settle before it counts as idle. */
const SETTLE_MS = 3000;
/** Words that only the job's output has. */
const JOB_OUTPUT = /\b(nobler|slings|arrows|question|troubles)\b/;

const firstOutputs: number[] = [];
const walls: number[] = [];
for (let run = 0; run < Number(values.runs); run++) {
  const command = ['run', inPackage('examples', 'word-count.ts')];
  const { firstMatchMs = Number.NaN, wallMs } = await runToSuccess(inPackage('bin', 'flink-ts'), command, { firstMatch: JOB_OUTPUT });
  results.add({ what: 'local job', run, firstOutputMs: firstMatchMs, wallMs });
  firstOutputs.push(firstMatchMs);
  walls.push(wallMs);
}

const starts: number[] = [];
const taskManagers: number[] = [];
const jobManagers: number[] = [];
for (let run = 0; run < Number(values.clusters); run++) {
  const startMs = performance.now();
  const cluster = await StandaloneCluster.start();
  starts.push(performance.now() - startMs);
  try {
    await delay(SETTLE_MS);
    taskManagers.push(processUsage(cluster.taskManagerPid)?.rssMb ?? Number.NaN);
    jobManagers.push(processUsage(cluster.jobManagerPid)?.rssMb ?? Number.NaN);
    results.add({
      what: 'cluster',
      run,
      startMs: starts.at(-1),
      taskManagerRssMb: taskManagers.at(-1),
      jobManagerRssMb: jobManagers.at(-1),
    });
  } finally {
    await cluster.stop();
  }
}

const row = (what: string, unit: string, numbers: readonly number[]): string[] => [what, unit, showSpread(spreadOf(numbers), 0)];
process.stdout.write(
  `${markdownTable(
    ['', 'unit', 'median (min–max)'],
    [
      row('flink-ts run of a small local job, to its first output', 'ms', firstOutputs),
      row('the same, to its end', 'ms', walls),
      row('JobManager and TaskManager, to two registered slots', 'ms', starts),
      row('RSS of a TaskManager with two idle slots', 'MB', taskManagers),
      row('RSS of an idle JobManager', 'MB', jobManagers),
    ],
  )}\nAll runs: ${results.path}\n`,
);
