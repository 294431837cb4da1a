import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type JobId, newJobId } from '#core';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster, type TestClusterOptions } from '../../support/test-cluster.js';
import { settled, until } from '../../support/until.js';
import { vertexId } from '../../support/sample-graph.js';

describe('the life of a job', () => {
  const temp = useTempDirectory();
  let cluster: TestCluster;
  afterEach(async () => {
    await cluster.stop();
  });

  async function start(options: Partial<TestClusterOptions> = {}): Promise<TestCluster> {
    cluster = await TestCluster.start({ directory: temp.path, ...options });
    return cluster;
  }

  it('runs from CREATED to FINISHED, and frees its slots', async () => {
    const { jobManager } = await start({ slots: [1, 1] });
    const jobId = await cluster.running([{ parallelism: 2 }, { parallelism: 1 }]);
    expect(jobManager.job(jobId)).to.include({ state: 'RUNNING', endMs: -1 });
    expect(jobManager.overview()).to.deep.include({ slotsAvailable: 0, jobsRunning: 1 });
    for (const carrier of cluster.live) carrier.finish();
    const result = await jobManager.jobResult(jobId);
    expect(result).to.include({ state: 'FINISHED', failure: undefined });
    const status = jobManager.job(jobId);
    expect(Object.keys(status.timestamps)).to.include.members(['CREATED', 'RUNNING', 'FINISHED']);
    expect(status.subtasks.map(({ state }) => state)).to.deep.equal(['FINISHED', 'FINISHED', 'FINISHED']);
    expect(jobManager.overview()).to.deep.include({ slotsAvailable: 2, jobsRunning: 0, jobsFinished: 1 });
    expect(cluster.live).to.be.empty;
  });

  it('puts subtask i of every vertex of a group into one slot, and other groups into others', async () => {
    await start({ slots: [4] });
    const jobId = await cluster.running([{ parallelism: 1 }, { parallelism: 2 }, { parallelism: 2, group: 'other' }]);
    const slots = cluster.live.map(({ subtasks }) => subtasks.map((subtask) => [subtask.vertexId, subtask.subtaskIndex]));
    expect(slots).to.deep.equal([
      [
        [vertexId(0), 0],
        [vertexId(1), 0],
      ],
      [[vertexId(1), 1]],
      [[vertexId(2), 0]],
      [[vertexId(2), 1]],
    ]);
    expect(cluster.jobManager.job(jobId).subtasks).to.have.length(5);
  });

  it('merges the accumulators of all subtasks', async () => {
    await start({ slots: [2] });
    const jobId = await cluster.running([{ parallelism: 2 }]);
    cluster.live.forEach((carrier, index) => {
      carrier.finish({ accumulators: { lines: { kind: 'sum', value: index + 1 } } });
    });
    expect((await cluster.jobManager.jobResult(jobId)).accumulators).to.deep.equal({ lines: 3 });
  });

  describe('its output', () => {
    const uri = (...names: string[]): string => pathToFileURL(join(temp.path, ...names)).href;

    it('appears when all tasks have finished, and scratch directories are gone', async () => {
      await start({ slots: [2] });
      mkdirSync(join(temp.path, 'scratch'));
      ['1', '2'].forEach((name) => {
        writeFileSync(join(temp.path, 'scratch', name), name);
      });
      const jobId = await cluster.running([{ parallelism: 2 }], { scratch: [uri('scratch')] });
      const [first, second] = cluster.live;
      first!.finish({ steps: [{ kind: 'rename', from: uri('scratch', '1'), to: uri('out', '1'), overwrite: false }] });
      await settled();
      expect(existsSync(join(temp.path, 'out'))).to.be.false;
      second!.finish({ steps: [{ kind: 'rename', from: uri('scratch', '2'), to: uri('out', '2'), overwrite: false }] });
      await cluster.jobManager.jobResult(jobId);
      expect(readdirSync(join(temp.path, 'out'))).to.have.members(['1', '2']);
      expect(existsSync(join(temp.path, 'scratch'))).to.be.false;
    });

    it('is taken back, and the job fails, when a part of it cannot be put in place', async () => {
      await start({ slots: [1] });
      mkdirSync(join(temp.path, 'scratch'));
      mkdirSync(join(temp.path, 'out'));
      writeFileSync(join(temp.path, 'scratch', '1'), 'new');
      writeFileSync(join(temp.path, 'scratch', '2'), 'new');
      writeFileSync(join(temp.path, 'out', '2'), 'old');
      const jobId = await cluster.running([{ parallelism: 1 }], { scratch: [uri('scratch')] });
      cluster.live[0]!.finish({
        steps: ['1', '2'].map((name) => ({ kind: 'rename', from: uri('scratch', name), to: uri('out', name), overwrite: false })),
      });
      const result = await cluster.jobManager.jobResult(jobId);
      expect(result.state).to.equal('FAILED');
      expect(result.failure).to.include({ code: 'FILE_EXISTS' });
      expect(readdirSync(join(temp.path, 'out'))).to.deep.equal(['2']);
      expect(readFileSync(join(temp.path, 'out', '2'), 'utf8')).to.equal('old');
      expect(existsSync(join(temp.path, 'scratch'))).to.be.false;
    });

    it('is deleted when the job fails or is cancelled, after its tasks have ended', async () => {
      await start({ slots: [1] });
      for (const how of ['fail', 'cancel'] as const) {
        mkdirSync(join(temp.path, 'scratch'));
        const jobId = await cluster.running([{ parallelism: 1 }], { scratch: [uri('scratch')] });
        const [carrier] = cluster.live;
        carrier!.deaf = true;
        if (how === 'fail') carrier!.fail('broken');
        else await cluster.jobManager.cancelJob(jobId);
        await settled();
        expect(existsSync(join(temp.path, 'scratch')), how).to.be.true;
        carrier!.stop();
        await cluster.jobManager.jobResult(jobId);
        expect(existsSync(join(temp.path, 'scratch')), how).to.be.false;
      }
    });
  });

  describe('failing', () => {
    it('cancels the other tasks, and tells the first failure as the cause', async () => {
      await start({ slots: [2] });
      const jobId = await cluster.running([{ parallelism: 2 }]);
      const [first, second] = cluster.live;
      second!.deaf = true;
      first!.fail('the cause');
      await until(() => second!.commands.some(({ type }) => type === 'cancel'));
      expect(cluster.jobManager.job(jobId).state).to.equal('FAILING');
      second!.fail('a consequence');
      second!.stop();
      const result = await cluster.jobManager.jobResult(jobId);
      expect(result.state).to.equal('FAILED');
      expect(result.failure?.message).to.equal('the cause');
      const { failures, subtasks } = cluster.jobManager.job(jobId);
      expect(failures.map(({ error }) => error.message)).to.deep.equal(['the cause', 'a consequence']);
      expect(failures[0]).to.include({ taskName: 'Step 0 (1/2)' });
      expect(subtasks.map(({ state }) => state)).to.deep.equal(['FAILED', 'FAILED']);
    });

    it('is not fooled by a lost connection, when the real cause comes later', async () => {
      await start({ slots: [2] });
      const jobId = await cluster.running([{ parallelism: 2 }]);
      const [first, second] = cluster.live;
      second!.deaf = true;
      first!.report({
        type: 'failed',
        subtask: first!.subtasks[0],
        error: {
          name: 'X',
          message: 'lost',
          stack: '',
          code: 'CONNECTION_LOST',
          action: undefined,
          blame: 'external',
          retriable: true,
          cause: undefined,
        },
      });
      await settled();
      second!.fail('the cause');
      second!.stop();
      expect((await cluster.jobManager.jobResult(jobId)).failure?.message).to.equal('the cause');
    });

    it('starts again from scratch as often as it may, and then fails with the last cause', async () => {
      await start({ slots: [2] });
      const jobId = await cluster.running([{ parallelism: 2 }], { restartAttempts: 2 });
      for (const attempt of [0, 1, 2]) {
        await until(() => cluster.live.length === 2 && cluster.live.every(({ assignment }) => assignment?.deployment.attempt === attempt));
        await cluster.allRunning(jobId);
        expect(cluster.jobManager.job(jobId).subtasks.map((subtask) => subtask.attempt)).to.deep.equal([attempt, attempt]);
        cluster.live[0]!.fail(`failure ${attempt}`);
        await until(() => cluster.live.every(({ assignment }) => assignment?.deployment.attempt !== attempt));
      }
      const result = await cluster.jobManager.jobResult(jobId);
      expect(result.failure?.message).to.equal('failure 2');
      const { failures } = cluster.jobManager.job(jobId);
      expect(failures.map(({ error }) => error.message)).to.deep.equal(['failure 2', 'failure 1', 'failure 0']);
    });

    it('ignores late reports of a former attempt', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }], { restartAttempts: 1 });
      const [old] = cluster.live;
      old!.fail('once');
      await until(() => cluster.live[0]?.assignment?.deployment.attempt === 1);
      await cluster.allRunning(jobId);
      old!.fail('late');
      old!.finish();
      await settled();
      expect(cluster.jobManager.job(jobId).state).to.equal('RUNNING');
      cluster.live[0]!.finish();
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
    });

    it('counts a thread that ends by itself as a failure', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }]);
      cluster.live[0]!.exit(new Error('out of memory'));
      expect((await cluster.jobManager.jobResult(jobId)).failure?.message).to.equal('out of memory');
      expect(cluster.jobManager.overview().slotsAvailable).to.equal(1);
    });

    it('counts a slot that ends before its tasks have as a failure', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }]);
      cluster.live[0]!.end();
      expect((await cluster.jobManager.jobResult(jobId)).failure).to.include({ code: 'SLOT_ENDED' });
    });
  });

  describe('cancelling', () => {
    it('ends a running job as CANCELED, whatever fails on the way', async () => {
      await start({ slots: [2] });
      const jobId = await cluster.running([{ parallelism: 2 }], { restartAttempts: 5 });
      const [first, second] = cluster.live;
      first!.deaf = second!.deaf = true;
      await cluster.jobManager.cancelJob(jobId);
      await until(() => second!.commands.some(({ type }) => type === 'cancel'));
      expect(cluster.jobManager.job(jobId).state).to.equal('CANCELLING');
      first!.fail('noise');
      first!.stop();
      second!.stop();
      const result = await cluster.jobManager.jobResult(jobId);
      expect(result).to.include({ state: 'CANCELED', failure: undefined });
      expect(cluster.jobManager.overview()).to.include({ slotsAvailable: 2, jobsCancelled: 1 });
    });

    it('works while the job waits for slots', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.submit([{ parallelism: 2 }]);
      await cluster.jobManager.cancelJob(jobId);
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    });

    it('works while the job is failing', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }], { restartAttempts: 5 });
      const [carrier] = cluster.live;
      carrier!.deaf = true;
      carrier!.fail('broken');
      await until(() => cluster.jobManager.job(jobId).state === 'FAILING');
      await cluster.jobManager.cancelJob(jobId);
      carrier!.stop();
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    });

    it('works while the job is restarting', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }], { restartAttempts: 5 });
      cluster.live[0]!.fail('broken');
      await until(() => cluster.jobManager.job(jobId).state === 'RESTARTING' || cluster.live[0]?.assignment?.deployment.attempt === 1);
      await cluster.jobManager.cancelJob(jobId);
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    });

    it('works before the program has arrived in the slots', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.submit([{ parallelism: 1 }]);
      await cluster.jobManager.cancelJob(jobId);
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
      expect(cluster.live).to.be.empty;
    });

    it('comes too late for a job whose tasks have finished, and is refused for one that has ended', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }]);
      cluster.live[0]!.finish();
      await until(() => cluster.jobManager.job(jobId).subtasks[0]!.state === 'FINISHED');
      if (cluster.jobManager.job(jobId).endMs < 0) await cluster.jobManager.cancelJob(jobId);
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
      await expectCode(cluster.jobManager.cancelJob(jobId), 'JOB_ALREADY_ENDED');
      expect(cluster.jobManager.job(jobId).state).to.equal('FINISHED');
    });

    it('may be asked for again when the job was cancelled', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.submit([{ parallelism: 1 }]);
      await cluster.jobManager.cancelJob(jobId);
      await cluster.jobManager.jobResult(jobId);
      await cluster.jobManager.cancelJob(jobId);
      expect(cluster.jobManager.job(jobId).state).to.equal('CANCELED');
    });
  });

  describe('submitting', () => {
    it('refuses graphs that do not hold together, doubles, and missing programs', async () => {
      const { jobManager } = await start();
      const graph = cluster.graph([{ parallelism: 1 }, { parallelism: 1 }]);
      await expectCode(jobManager.submitJob({ ...graph, vertices: [] }), 'INVALID_JOB_GRAPH');
      await expectCode(jobManager.submitJob({ ...graph, edges: [{ ...graph.edges[0]!, to: vertexId(9) }] }), 'INVALID_JOB_GRAPH');
      await expectCode(jobManager.submitJob({ ...graph, jobId: 'x' as JobId }), 'INVALID_JOB_GRAPH');
      await expectCode(jobManager.submitJob({ ...graph, program: { ...graph.program, bundle: 'a'.repeat(64) as never } }), 'BLOB_MISSING');
      await jobManager.submitJob(graph);
      await expectCode(jobManager.submitJob(graph), 'DUPLICATE_JOB');
      await expectCode(jobManager.jobResult(newJobId()), 'JOB_NOT_FOUND');
    });

    it('remembers only so many ended jobs', async () => {
      const { jobManager } = await start({ slots: [1], settings: { history: 2 } });
      const ids: JobId[] = [];
      for (let n = 0; n < 4; n++) {
        ids.push(await cluster.running([{ parallelism: 1 }]));
        cluster.live[0]!.finish();
        await jobManager.jobResult(ids.at(-1)!);
      }
      await settled();
      expect(jobManager.listJobs().map(({ jobId }) => jobId)).to.deep.equal(ids.slice(2));
    });

    it('is told apart from a job that a JobManager before had', async () => {
      const lost = { jobId: newJobId(), name: 'count' };
      const { jobManager } = await start({ lostJobs: [lost] });
      expect(jobManager.overview().messages).to.have.lengthOf(1);
      expect(jobManager.overview().messages[0]).to.match(/^lost with the JobManager before this one, .*: "count" \([0-9a-f]{32}\)$/);
      await expectCode(jobManager.cancelJob(lost.jobId), 'JOB_LOST');
      await expectCode(jobManager.triggerSavepoint(lost.jobId, {}), 'JOB_LOST');
      await expectCode(jobManager.cancelJob(newJobId()), 'JOB_NOT_FOUND');
    });

    it('is over once the JobManager shuts down, which cancels its jobs', async () => {
      const { jobManager } = await start({ slots: [1] });
      const jobId = await cluster.running([{ parallelism: 1 }]);
      const graph = cluster.graph([{ parallelism: 1 }]);
      const result = jobManager.jobResult(jobId);
      const stopped = jobManager.shutDown({ stopWorkers: true });
      await expectCode(jobManager.submitJob(graph), 'JOB_MANAGER_SHUT_DOWN');
      await stopped;
      expect((await result).state).to.equal('CANCELED');
      await cluster.taskManagers[0]!.taskManager.ended;
      expect(readdirSync(temp.path)).to.be.empty;
    });
  });
});

async function expectCode(promise: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).to.have.property('code', code);
}
