import { expect } from 'chai';
import { ManualClock } from '../../support/manual-clock.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { TestCluster } from '../../support/test-cluster.js';
import { settled, until } from '../../support/until.js';

describe('a TaskManager whose keeper tells why it is gone', () => {
  const directory = useTempDirectory();
  let clock: ManualClock;
  let cluster: TestCluster;
  beforeEach(async () => {
    clock = new ManualClock();
    cluster = await TestCluster.start({ directory: directory.path, slots: [1, 1], clock, explainsWithinMs: 3000 });
  });
  afterEach(() => cluster.stop());

  it('fails its job with that reason', async () => {
    const jobId = await cluster.running([{ parallelism: 2 }]);
    const [first] = cluster.taskManagers;
    first!.breakOff();
    await settled();
    expect(cluster.jobManager.job(jobId).state).to.equal('RUNNING');
    first!.lose('Container c failed. Exit status: -104');
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.include('was lost: Container c failed. Exit status: -104');
  });

  it('is lost with what is known when nothing more is told in time', async () => {
    const jobId = await cluster.running([{ parallelism: 2 }]);
    cluster.taskManagers[0]!.breakOff();
    await settled();
    clock.advance(3000);
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.match(/was lost: the connection broke off$/);
  });

  it('gets no tasks while that is awaited', async () => {
    cluster.taskManagers[0]!.breakOff();
    await until(() => cluster.jobManager.overview().slotsTotal === 1);
    const jobId = await cluster.running([{ parallelism: 1 }]);
    expect(cluster.jobManager.job(jobId).subtasks[0]!.taskManagerId).to.equal(cluster.taskManagers[1]!.taskManager.id);
  });

  it('does not wait for one that says goodbye', async () => {
    const jobId = await cluster.running([{ parallelism: 2 }]);
    await cluster.taskManagers[0]!.taskManager.stop('the machine is shut down');
    const { failure } = await cluster.jobManager.jobResult(jobId);
    expect(failure?.message).to.match(/was lost: the machine is shut down$/);
  });
});
