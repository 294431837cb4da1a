import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeededRandom } from '#core';
import { useTempDirectory } from '../../support/temp-directory.js';
import { expectExactlyOnce } from '../programs/exactly-once-output.js';
import { Installation } from './command-line.js';
import { EXACTLY_ONCE } from './programs.js';

/** How often a TaskManager is killed; set the variable for a longer trial. */
const KILLS = Number(process.env['FLINK_TS_KILLS'] ?? 4);
/** How fast the sources are, and how much work a record is. */
interface Load {
  readonly ratePerSecond: number;
  readonly microsecondsEach: number;
}
/** Enough for all kills on a slow machine; the job ends by itself. */
const RECORDS = 20_000 + KILLS * 8000;

interface JobList {
  readonly jobs: readonly { readonly jid: string; readonly state: string }[];
}
interface JobDetails {
  readonly state: string;
  readonly timestamps: Readonly<Record<string, number>>;
  readonly vertices: readonly { readonly status: string }[];
}

describe('a job with windows, state and files on two TaskManager processes', function () {
  this.timeout(120_000 + KILLS * 20_000);
  const directory = useTempDirectory();

  it(`counts every record once although TaskManagers are killed ${KILLS} times`, async () => {
    await countThroughKills({ ratePerSecond: 5000, microsecondsEach: 0 }, {});
  });

  it('does so with unaligned checkpoints and under back pressure', async () => {
    await countThroughKills({ ratePerSecond: 200_000, microsecondsEach: 1000 }, { 'execution.checkpointing.unaligned': 'true' });
  });

  it('does so while only the regions that a TaskManager ran restart', async () => {
    const region = { 'jobmanager.execution.failover-strategy': 'region' };
    const { state, timestamps } = await countThroughKills({ ratePerSecond: 5000, microsecondsEach: 0 }, region, ['1', '250', 'apart']);
    expect([state, timestamps['RESTARTING']]).to.deep.equal(['FINISHED', 0]);
  });

  async function countThroughKills(
    { ratePerSecond, microsecondsEach }: Load,
    more: Readonly<Record<string, string>>,
    [parallelism, ...last]: readonly [string, ...string[]] = ['2'],
  ): Promise<JobDetails> {
    const checkpoints = { 'state.checkpoints.dir': `file://${directory.path}/checkpoints`, ...more };
    const settings = { 'taskmanager.numberOfTaskSlots': '2', ...checkpoints };
    const cluster = await Installation.create(directory.path, settings, 2);
    const out = join(directory.path, 'out');
    await cluster.run('start-cluster.sh');
    try {
      const program = cluster.program('exactly-once.ts', EXACTLY_ONCE);
      const args = [...[RECORDS, ratePerSecond, microsecondsEach].map(String), ...last];
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, '-p', parallelism, program, out, ...args);
      const random = new SeededRandom(1);
      const alive = [...cluster.pids('taskmanager')];
      for (let kill = 0; kill < KILLS; kill++) {
        await running(cluster);
        // At least one checkpoint of this attempt, or none: both have to be right.
        if (random.nextInt(4) > 0) await checkpointed(cluster);
        const [killed] = alive.splice(random.nextInt(2), 1);
        process.kill(killed!, 'SIGKILL');
        await cluster.run('taskmanager.sh', 'start');
        alive.push(cluster.pids('taskmanager').at(-1)!);
      }
      const finished = await client.finished;
      expect(finished.code, finished.err).to.equal(0);
      expectExactlyOnce(RECORDS, { numbers: linesIn(join(out, 'numbers')), windows: linesIn(join(out, 'windows')) });
      const { jobs } = await cluster.rest<JobList>('/jobs/overview');
      return await cluster.rest<JobDetails>(`/jobs/${jobs[0]!.jid}`);
    } finally {
      await cluster.run('stop-cluster.sh');
    }
  }
});

/** Waits until all tasks of the job run and a TaskManager is free to take over. */
async function running(cluster: Installation): Promise<void> {
  const { jobs } = await cluster.restUntil<JobList>('/jobs/overview', ({ jobs: all }) => all[0]?.state === 'RUNNING');
  const allRun = ({ vertices }: JobDetails): boolean => vertices.every(({ status }) => status === 'RUNNING' || status === 'FINISHED');
  await cluster.restUntil<JobDetails>(`/jobs/${jobs[0]!.jid}`, allRun);
  await cluster.restUntil<{ taskmanagers: number }>('/overview', ({ taskmanagers }) => taskmanagers === 2);
}

/** Waits for one more complete checkpoint. */
async function checkpointed(cluster: Installation): Promise<void> {
  interface Checkpoints {
    readonly counts: { readonly completed: number };
  }
  const { jobs } = await cluster.rest<JobList>('/jobs/overview');
  const path = `/jobs/${jobs[0]!.jid}/checkpoints`;
  const { counts } = await cluster.rest<Checkpoints>(path);
  await cluster.restUntil<Checkpoints>(path, (now) => now.counts.completed > counts.completed);
}

function linesIn(path: string): string[] {
  const files = readdirSync(path).filter((name) => !name.startsWith('.'));
  return files.flatMap((name) => readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1));
}
