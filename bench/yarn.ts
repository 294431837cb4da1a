import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Testbed } from '../test/testbed/testbed.js';
import { containerProcesses } from '../test/testbed/processes.js';
import { type ChildOutput, runToSuccess } from './harness/child.js';
import { inPackage } from './harness/package-root.js';
import { processUsage } from './harness/process-usage.js';
import { getJson } from './harness/rest.js';
import { ResultsFile } from './harness/results-file.js';
import { showSpread, spreadOf } from './harness/spread.js';
import { markdownTable } from './harness/table.js';

/*
 * Sessions on a real YARN and HDFS of one node each: from the command to two registered TaskManagers, from a job's command to its first
 * record, and what the processes hold while idle. The first session of a testbed uploads the runtime; it is shown by itself.
 */
const { values } = parseArgs({ options: { sessions: { type: 'string', default: '3' }, jobs: { type: 'string', default: '5' } } });
const SETTLE_MS = 3000;
const results = new ResultsFile('yarn');
const directory = mkdtempSync(join(tmpdir(), 'flink-ts-bench-yarn-'));
const testbed = await Testbed.start({ hdfs: {}, yarn: {} });
const environment = { ...process.env, ...testbed.exports };
const starts: number[] = [];
const masters: number[] = [];
const taskManagers: number[] = [];
const firstRecords: number[] = [];
const fromSubmission: number[] = [];
try {
  for (let session = 0; session <= Number(values.sessions); session++) await measureSession();
} finally {
  await testbed.stop();
  rmSync(directory, { recursive: true, force: true });
}

const [first = Number.NaN, ...later] = starts;
const row = (what: string, unit: string, numbers: readonly number[]): string[] => [what, unit, showSpread(spreadOf(numbers), 0)];
process.stdout.write(
  `${markdownTable(
    ['', 'unit', 'median (min–max)'],
    [
      row('yarn-session -n 2 -d to two registered TaskManagers, the first time', 'ms', [first]),
      row('the same later, when nothing is uploaded', 'ms', later),
      row("a job's command to its first record", 'ms', firstRecords),
      row('its submission to its first record', 'ms', fromSubmission),
      row('RSS of an idle ApplicationMaster', 'MB', masters),
      row('RSS of an idle TaskManager with two slots', 'MB', taskManagers),
    ],
  )}\nAll runs: ${results.path}\n`,
);

async function measureSession(): Promise<void> {
  const { stdout, wallMs } = await flink('yarn-session', '-n', '2', '-s', '2', '-jm', '768', '-tm', '1024', '-d');
  const [id = ''] = /application_\d+_\d+/.exec(stdout) ?? [];
  const [, address = ''] = /JobManager is now running on (\S+)/.exec(stdout) ?? [];
  starts.push(wallMs);
  await delay(SETTLE_MS);
  masters.push(...rssOf('yarn-application-master.js'));
  taskManagers.push(...rssOf('yarn-task-manager.js'));
  // the first job of a TaskManager loads more than others
  for (let job = 0; job < Number(values.jobs); job++) await measureJob(id, address);
  results.add({ session: id, startMs: wallMs, masterRssMb: masters.at(-1), taskManagerRssMb: taskManagers.at(-1) });
  await runToSuccess('sh', ['-c', `echo stop | "${inPackage('bin', 'flink-ts')}" yarn-session -id ${id}`], { env: environment });
}

async function measureJob(application: string, address: string): Promise<void> {
  const out = join(directory, 'first-record');
  const startMs = Date.now();
  await flink('run', '-yid', application, '-p', '1', inPackage('bench', 'jobs', 'first-record.ts'), '--out', out);
  const recordMs = Number(readFileSync(out, 'utf8'));
  const overview = await getJson<{ readonly jobs: readonly { readonly 'start-time': number }[] }>(`http://${address}/jobs/overview`);
  const submittedMs = Math.max(...(overview?.jobs ?? []).map((job) => job['start-time']));
  firstRecords.push(recordMs - startMs);
  fromSubmission.push(recordMs - submittedMs);
  results.add({ session: application, firstRecordMs: recordMs - startMs, fromSubmissionMs: recordMs - submittedMs });
}

async function flink(...args: readonly string[]): Promise<ChildOutput> {
  return await runToSuccess(inPackage('bin', 'flink-ts'), args, { env: environment });
}

/** Of the testbed's containers that run the script; not of the shells that have started them. */
function rssOf(script: string): number[] {
  const runs = (pid: number): boolean => {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return !/sh$/.test(program) && args.some((arg) => arg.endsWith(script));
  };
  return containerProcesses(testbed.plan.home)
    .filter(runs)
    .map((pid) => processUsage(pid)?.rssMb ?? Number.NaN);
}
