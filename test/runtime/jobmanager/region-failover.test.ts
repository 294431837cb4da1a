import { expect } from 'chai';
import type { JobId } from '#core';
import { RestartStrategies } from '#api';
import type { SubtaskStatus } from '../../../runtime/jobmanager/job-manager-gateway.js';
import { vertexId } from '../../support/sample-graph.js';
import type { ScriptedCarrier } from '../../support/scripted-carrier.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster, type TestClusterOptions } from '../../support/test-cluster.js';
import { settled, until } from '../../support/until.js';

const REGION = { 'jobmanager.execution.failover-strategy': 'region' };

describe('region failover', () => {
  const temp = useTempDirectory();
  let cluster: TestCluster;
  afterEach(async () => {
    await cluster.stop();
  });

  async function start(options: Partial<TestClusterOptions> = {}): Promise<void> {
    cluster = await TestCluster.start({ directory: temp.path, ...options, configuration: { ...REGION, ...options.configuration } });
  }

  /** Two pipelines of two vertices each, that all have so many subtasks; an exchange within each of them. */
  async function running(parallelism: number, restartAttempts = 1): Promise<JobId> {
    const [first, second] = [0, 1].map(() => ({ parallelism }));
    const vertices = [first!, second!, first!, second!];
    const edges = cluster.graph(vertices).edges.filter(({ from }) => from !== vertexId(1));
    return await cluster.running(vertices, { restartAttempts, edges: edges.map((edge, id) => ({ ...edge, id })) });
  }

  /** What runs of one of the two pipelines. */
  function pipeline(which: 0 | 1): readonly ScriptedCarrier[] {
    return cluster.live.filter(({ subtasks }) => subtasks.some((subtask) => subtask.vertexId === vertexId(which * 2)));
  }

  function subtasksOf(jobId: JobId, which: 0 | 1): readonly SubtaskStatus[] {
    const vertices = new Set([vertexId(which * 2), vertexId(which * 2 + 1)]);
    return cluster.jobManager.job(jobId).subtasks.filter((subtask) => vertices.has(subtask.vertexId));
  }

  function attemptsOf(jobId: JobId, which: 0 | 1): readonly number[] {
    return subtasksOf(jobId, which).map(({ attempt }) => attempt);
  }

  async function restarted(jobId: JobId, which: 0 | 1, attempt: number): Promise<void> {
    await until(() => subtasksOf(jobId, which).every((subtask) => subtask.attempt === attempt && subtask.state === 'RUNNING'));
  }

  async function finish(jobId: JobId): Promise<void> {
    for (const carrier of cluster.live) carrier.finish();
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
  }

  it('restarts what is connected with the task that failed, while the rest goes on in the same slots', async () => {
    await start({ slots: [2] });
    const jobId = await running(2);
    const others = pipeline(1);
    expect([pipeline(0).length, others.length, cluster.jobManager.overview().slotsAvailable]).to.deep.equal([2, 2, 0]);
    pipeline(0)[0]!.fail('broken');
    await restarted(jobId, 0, 1);
    expect(attemptsOf(jobId, 1)).to.deep.equal([0, 0, 0, 0]);
    expect(pipeline(1)).to.deep.equal(others);
    for (const { commands } of others) expect(commands.map(({ type }) => type)).not.to.include('cancel');
    const { state, timestamps, failures } = cluster.jobManager.job(jobId);
    expect(state).to.equal('RUNNING');
    expect(Object.keys(timestamps)).not.to.include('RESTARTING');
    expect(failures.map(({ error, taskName }) => [error.message, taskName])).to.deep.equal([['broken', 'Step 0 (1/2)']]);
    await finish(jobId);
    expect(cluster.jobManager.overview()).to.include({ slotsAvailable: 2 });
  });

  it('tells the subtasks the number of their attempt, whatever else restarted', async () => {
    await start({ slots: [2] });
    const jobId = await running(1, 5);
    for (const attempt of [1, 2]) {
      pipeline(0)[0]!.fail('broken');
      await restarted(jobId, 0, attempt);
    }
    pipeline(1)[0]!.fail('broken');
    await restarted(jobId, 1, 1);
    expect(pipeline(0)[0]!.assignment!.deployment.attemptNumber).to.equal(2);
    expect(pipeline(1)[0]!.assignment!.deployment.attemptNumber).to.equal(1);
    await finish(jobId);
  });

  it('restarts what a lost TaskManager ran, as one failure, on others', async () => {
    await start({ slots: [1, 1, 1] });
    const jobId = await running(1);
    const [first] = cluster.taskManagers.filter(({ carriers }) => carriers.live.length > 0);
    await first!.taskManager.stop('gone');
    await restarted(jobId, 0, 1);
    await restarted(jobId, 1, 1);
    expect(cluster.jobManager.job(jobId).failures.map(({ error }) => error.code)).to.deep.equal(['TASK_MANAGER_LOST']);
    await finish(jobId);
  });

  it('leaves alone what other TaskManagers run', async () => {
    await start({ slots: [1, 1, 1] });
    const [vertex] = cluster.graph([{ parallelism: 2 }]).vertices;
    const jobId = await cluster.running([{ parallelism: 2 }], { restartAttempts: 1, vertices: [vertex!], edges: [] });
    const [first, second] = cluster.live;
    await cluster.taskManagers[0]!.taskManager.stop('gone');
    await until(() => cluster.jobManager.job(jobId).subtasks.some(({ attempt, state }) => attempt === 1 && state === 'RUNNING'));
    expect(cluster.jobManager.job(jobId).subtasks.map(({ attempt }) => attempt)).to.deep.equal([1, 0]);
    expect(cluster.live).to.include(second).and.not.include(first);
    await finish(jobId);
  });

  it('waits for a slot, asks for it, and gives up after its time', async () => {
    await start({ slots: [1, 1], settings: { slotTimeoutMs: 60 } });
    const jobId = await cluster.running([{ parallelism: 2 }], { restartAttempts: 5 });
    await cluster.taskManagers[0]!.taskManager.stop('gone');
    await until(() => cluster.demand?.missing === 1);
    expect(cluster.jobManager.job(jobId).notice).to.include('1 needed, 0 available');
    await cluster.addTaskManager(1);
    await cluster.allRunning(jobId);
    expect(cluster.jobManager.job(jobId).notice).to.be.undefined;
    await cluster.taskManagers[2]!.taskManager.stop('gone');
    const { state, failure } = await cluster.jobManager.jobResult(jobId);
    expect([state, failure?.code]).to.deep.equal(['FAILED', 'NO_RESOURCE_AVAILABLE']);
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(1);
  });

  it('ends the job when its restarts are used up', async () => {
    await start({ slots: [2] });
    const jobId = await running(2, 1);
    pipeline(0)[0]!.fail('first');
    await restarted(jobId, 0, 1);
    pipeline(1)[0]!.fail('second');
    const { state, failure } = await cluster.jobManager.jobResult(jobId);
    expect([state, failure?.message]).to.deep.equal(['FAILED', 'second']);
    expect(cluster.live).to.be.empty;
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(2);
  });

  it('counts regions that fail while others are cancelled as one failure', async () => {
    await start({ slots: [2] });
    const jobId = await running(2, 1);
    const [first, second] = pipeline(0);
    second!.deaf = true;
    first!.fail('cause');
    await until(() => second!.commands.some(({ type }) => type === 'cancel'));
    pipeline(1)[0]!.fail('noise');
    await settled();
    second!.stop();
    await restarted(jobId, 0, 1);
    await restarted(jobId, 1, 1);
    await finish(jobId);
  });

  it('can be cancelled while a region waits to restart', async () => {
    await start({ slots: [2] });
    const settings = { ...cluster.graph([]).settings, configuration: RestartStrategies.fixedDelayRestart(9, 100_000).configuration };
    const jobId = await cluster.running([{ parallelism: 2 }], { settings });
    cluster.live[0]!.fail('broken');
    await until(() => cluster.live.length === 1);
    await settled();
    expect(cluster.jobManager.job(jobId).state).to.equal('RUNNING');
    await cluster.jobManager.cancelJob(jobId);
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    expect(cluster.live).to.be.empty;
  });

  it('can be cancelled while a region is being cancelled', async () => {
    await start({ slots: [2] });
    const jobId = await running(2, 5);
    const [first, second] = pipeline(0);
    second!.deaf = true;
    first!.fail('broken');
    await until(() => second!.commands.some(({ type }) => type === 'cancel'));
    await cluster.jobManager.cancelJob(jobId);
    second!.stop();
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(2);
  });

  it('gives each region the part of the slot that is its own', async () => {
    await start({ slots: [1] });
    const jobId = await running(1);
    const slots = cluster.live.map(({ assignment }) => assignment!.configuration['taskmanager.numberOfTaskSlots']);
    expect(slots).to.deep.equal(['2', '2']);
    await finish(jobId);
  });
});
