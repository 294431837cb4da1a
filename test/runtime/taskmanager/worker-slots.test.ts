import { expect } from 'chai';
import { systemClock } from '#core';
import { WorkerPool } from '../../../runtime/taskmanager/worker-pool.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster } from '../../support/test-cluster.js';
import { until } from '../../support/until.js';

const ENTRY = new URL('./scripted-slot-thread.js', import.meta.url);

describe('slots on worker threads', () => {
  const temp = useTempDirectory();
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({
      directory: temp.path,
      slots: [],
      configuration: { 'task.cancellation.timeout': '100', 'task.cancellation.interval': '30' },
    });
    await cluster.addTaskManager(2, new WorkerPool({ warm: 1, slots: 2, maxHeapMb: 48, clock: systemClock, entry: ENTRY }));
  });
  afterEach(async () => {
    await cluster.stop();
  });

  it('run a job to its end, with more slots than warm threads', async () => {
    const jobId = await cluster.submit([{ parallelism: 2 }], { name: 'finish' });
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(2);
  });

  it('are cancelled when they listen', async () => {
    const jobId = await cluster.running([{ parallelism: 2 }], { name: 'idle' });
    await cluster.jobManager.cancelJob(jobId);
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
  });

  it('are ended when they do not listen, after the cancellation timeout', async () => {
    const jobId = await cluster.running([{ parallelism: 1 }], { name: 'loop' });
    await cluster.jobManager.cancelJob(jobId);
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('CANCELED');
    expect(cluster.jobManager.overview().slotsAvailable).to.equal(2);
  });

  const failures = [
    { name: 'exit', code: 'SLOT_THREAD_EXITED', message: 'with code 3' },
    { name: 'throw', code: 'SLOT_THREAD_CRASHED', message: 'not a function' },
    { name: 'hoard', code: 'SLOT_OUT_OF_MEMORY', message: '48 MB' },
  ];
  for (const { name, code, message } of failures) {
    it(`that ${name} fail their job with an error that says so`, async () => {
      const jobId = await cluster.submit([{ parallelism: 2 }], { name });
      const { state, failure } = await cluster.jobManager.jobResult(jobId);
      expect(state).to.equal('FAILED');
      expect(failure).to.include({ code, blame: 'user' });
      expect(failure?.message).to.include(message);
      await until(() => cluster.jobManager.overview().slotsAvailable === 2);
      const next = await cluster.submit([{ parallelism: 2 }], { name: 'finish' });
      expect((await cluster.jobManager.jobResult(next)).state).to.equal('FINISHED');
    });
  }
});
