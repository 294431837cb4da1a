import { expect } from 'chai';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type JobId, type TaskManagerId } from '#core';
import { ControlConnection } from '../../../runtime/control/control-connection.js';
import { inProcessLinks } from '../../../runtime/control/in-process-link.js';
import type { ControlMessage, DeployJob, SlotReported } from '../../../runtime/control/messages.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster, type TestClusterOptions } from '../../support/test-cluster.js';
import { settled, until } from '../../support/until.js';

describe('a TaskManager that is lost', () => {
  const temp = useTempDirectory();
  let cluster: TestCluster;
  afterEach(async () => {
    await cluster.stop();
  });

  async function start(options: Partial<TestClusterOptions> = {}): Promise<void> {
    cluster = await TestCluster.start({ directory: temp.path, ...options });
  }

  it('fails the job that runs there, naming the TaskManager and how it was lost', async () => {
    await start({ slots: [1] });
    const fake = await FakeTaskManager.register(cluster, 1);
    const jobId = await cluster.submit([{ parallelism: 2 }]);
    await until(() => fake.deployed.length === 1);
    fake.connection.destroy('killed');
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure).to.include({ name: 'TaskManagerLostError', code: 'TASK_MANAGER_LOST' });
    expect(failure?.message).to.equal('TaskManager "fake" was lost: the connection broke off');
    expect(cluster.jobManager.job(jobId).failures[0]).to.include({
      taskManagerId: 'fake',
      location: 'localhost:1',
      taskName: 'Step 0 (2/2)',
    });
    expect(cluster.jobManager.overview()).to.include({ taskManagers: 1, slotsTotal: 1, slotsAvailable: 1 });
  });

  it('says why when it goes by itself', async () => {
    await start({ slots: [1] });
    const jobId = await cluster.running([{ parallelism: 1 }]);
    await cluster.taskManagers[0]!.taskManager.stop('the machine is shut down');
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.match(/^TaskManager ".*" was lost: the machine is shut down$/);
  });

  it('lets the job start again on the slots that are left', async () => {
    await start({ slots: [2, 2] });
    const jobId = await cluster.running([{ parallelism: 2 }], { restartAttempts: 1 });
    await cluster.taskManagers[0]!.taskManager.stop('gone');
    await until(() => cluster.live.length === 2 && cluster.live.every(({ assignment }) => assignment?.deployment.attempt === 1));
    await cluster.allRunning(jobId);
    for (const carrier of cluster.live) carrier.finish();
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
  });

  it('ends its tasks at once, and comes back with free slots', async () => {
    await start({ slots: [1] });
    const jobId = await cluster.running([{ parallelism: 1 }]);
    const [taskManager] = cluster.taskManagers;
    const [carrier] = cluster.live;
    carrier!.deaf = true;
    taskManager!.lose('paused for too long');
    await cluster.jobManager.jobResult(jobId).catch(() => undefined);
    await until(() => carrier!.terminated);
    await until(() => cluster.jobManager.overview().slotsAvailable === 1);
    const next = await cluster.running([{ parallelism: 1 }]);
    cluster.live[0]!.finish();
    expect((await cluster.jobManager.jobResult(next)).state).to.equal('FINISHED');
  });

  it('is lost when it is silent for too long', async () => {
    const clock = new ManualClock();
    await start({ slots: [1], clock, configuration: { 'heartbeat.interval': '10000', 'heartbeat.timeout': '50000' } });
    const fake = await FakeTaskManager.register(cluster, 1);
    const jobId = await cluster.submit([{ parallelism: 2 }]);
    await until(() => cluster.live.length === 1 && fake.deployed.length === 1);
    const others: string[] = [];
    for (let seconds = 0; seconds < 60; seconds += 10) {
      clock.advance(10_000);
      await settled(5);
      others.push(String(cluster.jobManager.overview().taskManagers));
    }
    expect(others.slice(0, 5)).to.deep.equal(['2', '2', '2', '2', '2']);
    expect(cluster.jobManager.overview().taskManagers).to.equal(1);
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.equal('TaskManager "fake" was lost: it sent no heartbeat for 50000 ms');
  });

  it('counts as lost when it registers again', async () => {
    await start({ slots: [] });
    const first = await FakeTaskManager.register(cluster, 1);
    const jobId = await cluster.submit([{ parallelism: 1 }]);
    await until(() => first.deployed.length === 1);
    await FakeTaskManager.register(cluster, 1);
    expect((await cluster.jobManager.jobResult(jobId)).failure?.message).to.include('it registered again');
    expect(cluster.jobManager.overview()).to.include({ taskManagers: 1, slotsAvailable: 1 });
  });

  describe('in every state of a job', () => {
    it('while others are being deployed to', async () => {
      await start({ slots: [] });
      const [first, second] = [await FakeTaskManager.register(cluster, 1, 'a'), await FakeTaskManager.register(cluster, 1, 'b')];
      first.answers = false;
      const jobId = await cluster.submit([{ parallelism: 2 }]);
      await until(() => first.deployed.length === 1 && second.deployed.length === 1);
      first.connection.destroy('killed');
      await until(() => second.cancelled);
      second.release();
      expect((await cluster.jobManager.jobResult(jobId)).failure?.message).to.include('TaskManager "a" was lost');
    });

    it('while the job is failing: it cannot hold the job up', async () => {
      await start({ slots: [] });
      const fake = await FakeTaskManager.register(cluster, 1);
      const jobId = await cluster.submit([{ parallelism: 1 }]);
      await until(() => fake.deployed.length === 1);
      fake.report({ type: 'failed', subtask: undefined, error: failureOf('the cause') });
      await until(() => cluster.jobManager.job(jobId).state === 'FAILING');
      fake.connection.destroy('killed');
      expect((await cluster.jobManager.jobResult(jobId)).failure?.message).to.equal('the cause');
    });

    it('while the job is cancelling', async () => {
      await start({ slots: [] });
      const fake = await FakeTaskManager.register(cluster, 1);
      const jobId = await cluster.submit([{ parallelism: 1 }]);
      await until(() => fake.deployed.length === 1);
      await cluster.jobManager.cancelJob(jobId);
      fake.connection.destroy('killed');
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    });

    it('after all tasks have finished: nothing is lost with it', async () => {
      await start({ slots: [] });
      const fake = await FakeTaskManager.register(cluster, 1);
      const jobId = await cluster.submit([{ parallelism: 1 }]);
      await until(() => fake.deployed.length === 1);
      fake.report({ type: 'finished', subtask: fake.deployed[0]!.slots[0]!.subtasks[0]!, accumulators: {}, steps: [] });
      await until(() => cluster.jobManager.job(jobId).subtasks[0]!.state === 'FINISHED');
      fake.connection.destroy('killed');
      expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
    });

    it('while the job waits for slots: it goes on waiting', async () => {
      await start({ slots: [1] });
      const jobId = await cluster.submit([{ parallelism: 2 }]);
      await cluster.taskManagers[0]!.taskManager.stop('gone');
      await settled();
      expect(cluster.jobManager.job(jobId).state).to.equal('CREATED');
    });
  });

  it('may still say something of a former attempt, or of a run that is over, which nobody minds', async () => {
    await start({ slots: [] });
    const fake = await FakeTaskManager.register(cluster, 1);
    const jobId = await cluster.submit([{ parallelism: 1 }], { restartAttempts: 1 });
    await until(() => fake.deployed.length === 1);
    fake.report({ type: 'failed', subtask: undefined, error: failureOf('first') });
    fake.release();
    await until(() => fake.deployed.length === 2);
    const subtask = fake.deployed[1]!.slots[0]!.subtasks[0]!;
    fake.report({ type: 'failed', subtask, error: failureOf('late') }, 0);
    fake.report({ type: 'finished', subtask, accumulators: {}, steps: [] }, 0);
    fake.release(0);
    fake.connection.send({ type: 'slotReleased', jobId: 'f'.repeat(32) as JobId, attempt: 0, slot: 0 });
    await settled();
    expect(cluster.jobManager.job(jobId)).to.include({ state: 'RUNNING' });
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(0);
    fake.report({ type: 'finished', subtask, accumulators: {}, steps: [] });
    fake.report({ type: 'failed', subtask, error: failureOf('after the end') });
    fake.release();
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
  });

  it('sends events between sources only to tasks that have begun', async () => {
    await start({ slots: [] });
    const fake = await FakeTaskManager.register(cluster, 2);
    const jobId = await cluster.submit([{ parallelism: 2 }]);
    await until(() => fake.deployed.length === 1);
    const { vertexId } = fake.deployed[0]!.slots[0]!.subtasks[0]!;
    fake.report({ type: 'operatorEvent', event: { vertexId, nodeId: 0, to: 'enumerator', kind: 'requestSplit', from: 1 } }, 0, 1);
    await settled();
    expect(fake.events).to.be.empty;
    fake.report({ type: 'state', subtask: { vertexId, subtaskIndex: 0 }, state: 'RUNNING' });
    await until(() => fake.events.length === 1);
    expect(fake.events[0]).to.include({ slot: 0, type: 'commandSlot' });
    fake.report({ type: 'state', subtask: { vertexId, subtaskIndex: 1 }, state: 'RUNNING' }, 0, 1);
    fake.report({ type: 'operatorEvent', event: { vertexId, nodeId: 0, to: 1, kind: 'noMoreSplits', from: 0 } });
    await until(() => fake.events.length === 2);
    expect(fake.events[1]).to.include({ slot: 1 });
    await cluster.jobManager.cancelJob(jobId);
    fake.connection.destroy('the test ends');
  });

  it('leaves its JobManager to clean up, when that one is alive', async () => {
    await start({ slots: [1] });
    mkdirSync(join(temp.path, 'scratch'));
    await cluster.running([{ parallelism: 1 }], { scratch: [pathToFileURL(join(temp.path, 'scratch')).href], restartAttempts: 1 });
    cluster.taskManagers[0]!.lose('paused for too long');
    await until(() => cluster.live.some(({ assignment }) => assignment?.deployment.attempt === 1));
    mkdirSync(join(temp.path, 'scratch'), { recursive: true });
    await settled();
    expect(existsSync(join(temp.path, 'scratch'))).to.be.true;
  });
});

function failureOf(message: string): Extract<SlotReported['report'], { type: 'failed' }>['error'] {
  return { name: 'Error', message, stack: '', code: undefined, action: undefined, blame: 'user', retriable: false, cause: undefined };
}

/** The other end of a TaskManager's connection, which says only what a test tells it to. */
class FakeTaskManager {
  readonly deployed: DeployJob[] = [];
  readonly events: ControlMessage[] = [];
  cancelled = false;
  answers = true;

  private constructor(readonly connection: ControlConnection) {
    connection.start({
      onMessage: (message) => {
        if (message.type !== 'commandSlot') return;
        if (message.command.type === 'cancel') this.cancelled = true;
        else this.events.push(message);
      },
      onRequest: (request) => {
        if (request.type === 'deployJob') this.deployed.push(request);
        return this.answers ? Promise.resolve({ type: 'accepted' }) : new Promise(() => {});
      },
      onClosed: () => {},
    });
  }

  static async register(cluster: TestCluster, slots: number, name = 'fake'): Promise<FakeTaskManager> {
    const [near, far] = inProcessLinks({ carry: (envelope) => structuredClone(envelope) });
    const clock = new ManualClock();
    cluster.jobManager.accept(new ControlConnection(near, cluster.clock));
    const fake = new FakeTaskManager(new ControlConnection(far, clock));
    await fake.connection.request(
      {
        type: 'registerTaskManager',
        description: {
          taskManagerId: name as TaskManagerId,
          host: 'localhost',
          dataPort: 1,
          pid: 1,
          slots,
          networkSegments: 1,
          logPath: undefined,
          hardware: { cpuCores: 1, physicalMemory: 1, freeMemory: 1, managedMemory: 1 },
        },
      },
      1000,
    );
    await settled();
    return fake;
  }

  report(report: SlotReported['report'], attempt = this.deployed.at(-1)!.slots[0]!.attempt, slot = 0): void {
    this.connection.send({ type: 'slotReported', jobId: this.deployed.at(-1)!.graph.jobId, attempt, slot, report });
  }

  release(attempt = this.deployed.at(-1)!.slots[0]!.attempt): void {
    this.connection.send({ type: 'slotReleased', jobId: this.deployed.at(-1)!.graph.jobId, attempt, slot: 0 });
  }
}
