import { expect } from 'chai';
import type { Logger } from '#core';
import { ManualClock } from '../../support/manual-clock.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster, type TestClusterOptions } from '../../support/test-cluster.js';
import { settled, until } from '../../support/until.js';

describe('a shortage of slots', () => {
  const temp = useTempDirectory();
  let cluster: TestCluster;
  afterEach(async () => {
    await cluster.stop();
  });

  async function start(options: Partial<TestClusterOptions>): Promise<void> {
    cluster = await TestCluster.start({ directory: temp.path, ...options });
  }

  it('is told at once, and ends when a TaskManager comes', async () => {
    const warnings: string[] = [];
    const logger: Logger = {
      debug() {},
      info() {},
      error() {},
      warn: (message) => {
        warnings.push(message);
      },
    };
    await start({ slots: [1], logger });
    const jobId = await cluster.submit([{ parallelism: 3 }]);
    const notice =
      'waiting for task slots: 3 needed, 1 available; start more TaskManagers with "bin/taskmanager.sh start", ' +
      'or raise "taskmanager.numberOfTaskSlots"';
    expect(cluster.jobManager.job(jobId)).to.include({ state: 'CREATED', notice });
    expect(warnings).to.include(`job is ${notice}`);
    await cluster.addTaskManager(2);
    await cluster.allRunning(jobId);
    expect(cluster.jobManager.job(jobId).notice).to.be.undefined;
    for (const carrier of cluster.live) carrier.finish();
    expect((await cluster.jobManager.jobResult(jobId)).state).to.equal('FINISHED');
  });

  it('fails the job after a while, saying what was required and available, and what to do', async () => {
    const clock = new ManualClock();
    await start({ slots: [1], clock });
    const jobId = await cluster.submit([{ parallelism: 3 }]);
    for (let seconds = 0; seconds < 300; seconds += 10) {
      clock.advance(10_000);
      await settled(5);
    }
    const { state, failure } = await cluster.jobManager.jobResult(jobId);
    expect(state).to.equal('FAILED');
    expect(failure).to.include({ name: 'NoResourceAvailableError' });
    expect(failure?.message).to.equal(
      'Not enough free slots available to run the job: required 3, available 1 ' +
        '(number of TaskManagers=1, total number of slots=1), after waiting for 300 s',
    );
    expect(failure?.action).to.include('"-p"').and.include('taskmanager.numberOfTaskSlots');
  });

  it('fails the job at once where no more slots can come', async () => {
    await start({ slots: [2], fixed: true });
    const jobId = await cluster.submit([{ parallelism: 3 }]);
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.include('required 3, available 2');
  });

  it('makes a job wait for another one where its slots could suffice', async () => {
    await start({ slots: [2], fixed: true });
    const first = await cluster.running([{ parallelism: 2 }]);
    const second = await cluster.submit([{ parallelism: 1 }]);
    expect(cluster.jobManager.job(second).state).to.equal('CREATED');
    for (const carrier of cluster.live) carrier.finish();
    await cluster.jobManager.jobResult(first);
    await until(() => cluster.live.length === 1);
    await cluster.allRunning(second);
    cluster.live[0]!.finish();
    expect((await cluster.jobManager.jobResult(second)).state).to.equal('FINISHED');
  });

  it('does not keep a small job from going before a large one', async () => {
    await start({ slots: [2] });
    const large = await cluster.submit([{ parallelism: 5 }]);
    const small = await cluster.running([{ parallelism: 2 }]);
    expect(cluster.jobManager.job(large).state).to.equal('CREATED');
    for (const carrier of cluster.live) carrier.finish();
    expect((await cluster.jobManager.jobResult(small)).state).to.equal('FINISHED');
  });
});
