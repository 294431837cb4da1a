import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TERMINAL_JOB_STATES } from '../../../runtime/jobmanager/job-manager-gateway.js';
import { TestCluster } from '../../support/test-cluster.js';
import { settled } from '../../support/until.js';

const TROUBLES = ['finish', 'finish', 'fail', 'exit', 'deafen', 'cut', 'stop', 'join', 'cancel', 'wait', 'run', 'run', 'run'] as const;

/** One trouble, and which of those it could hit. */
const trouble = fc.tuple(fc.constantFrom(...TROUBLES), fc.nat({ max: 7 }));

describe('a job among random troubles', () => {
  it('always ends, with its slots free, its threads gone and its unfinished output deleted', async () => {
    const scenario = fc.record({
      vertices: fc.array(fc.record({ parallelism: fc.integer({ min: 1, max: 3 }), group: fc.constantFrom('a', 'b') }), {
        minLength: 1,
        maxLength: 3,
      }),
      restartAttempts: fc.nat({ max: 3 }),
      troubles: fc.array(trouble, { maxLength: 14 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ vertices, restartAttempts, troubles }) => {
        const directory = mkdtempSync(join(tmpdir(), 'flink-ts-test-'));
        const cluster = await TestCluster.start({ directory, slots: [3, 3] });
        const scratch = join(directory, 'scratch');
        mkdirSync(scratch);
        try {
          const jobId = await cluster.submit(vertices, { restartAttempts, scratch: [pathToFileURL(scratch).href] });
          for (const [kind, which] of troubles) await make(cluster, kind, which, jobId);
          await letEnd(cluster, jobId);
          const { state, failure } = await cluster.jobManager.jobResult(jobId);
          expect(TERMINAL_JOB_STATES).to.include(state);
          expect(failure !== undefined).to.equal(state === 'FAILED');
          await settled();
          const { slotsTotal, slotsAvailable } = cluster.jobManager.overview();
          expect(slotsAvailable).to.equal(slotsTotal);
          expect(cluster.live).to.be.empty;
          expect(existsSync(scratch)).to.be.false;
          for (const { state: task } of cluster.jobManager.job(jobId).subtasks) {
            expect(['FINISHED', 'CANCELED', 'FAILED']).to.include(task);
            if (state === 'FINISHED') expect(task).to.equal('FINISHED');
          }
        } finally {
          await cluster.stop();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);
});

async function make(
  cluster: TestCluster,
  kind: (typeof TROUBLES)[number],
  which: number,
  jobId: Parameters<TestCluster['allRunning']>[0],
): Promise<void> {
  const carrier = cluster.live[which % Math.max(1, cluster.live.length)];
  const taskManager = cluster.taskManagers[which % cluster.taskManagers.length];
  switch (kind) {
    case 'finish':
      carrier?.finish();
      break;
    case 'fail':
      carrier?.fail('broken');
      break;
    case 'exit':
      carrier?.exit(new Error('thread gone'));
      break;
    case 'deafen':
      if (carrier) carrier.deaf = true;
      break;
    case 'cut':
      taskManager!.lose('cut');
      break;
    case 'stop':
      await taskManager!.taskManager.stop('stopped');
      break;
    case 'join':
      if (cluster.taskManagers.length < 4) await cluster.addTaskManager(2);
      break;
    case 'cancel':
      if (cluster.jobManager.job(jobId).endMs < 0) await cluster.jobManager.cancelJob(jobId);
      break;
    case 'run':
      // Until something runs, as far as it can.
      for (let round = 0; round < 200 && !cluster.live.some(({ assignment }) => assignment); round++) await settled(1);
      break;
    case 'wait':
      await settled(5);
      break;
  }
}

/** Everything that still runs finishes, listens again, and there are slots enough. */
async function letEnd(cluster: TestCluster, jobId: Parameters<TestCluster['allRunning']>[0]): Promise<void> {
  await cluster.addTaskManager(9);
  while (!TERMINAL_JOB_STATES.includes(cluster.jobManager.job(jobId).state)) {
    for (const carrier of cluster.live) {
      if (carrier.commands.some(({ type }) => type === 'cancel')) carrier.stop();
      else if (carrier.assignment) carrier.finish();
    }
    await settled(1);
  }
}
