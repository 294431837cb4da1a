import { expect } from 'chai';
import { TestCluster } from '../../support/test-cluster.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { settled, until } from '../../support/until.js';

const VERTEX = [{ parallelism: 3 }];

describe('demand for slots', () => {
  const directory = useTempDirectory();
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ directory: directory.path, slots: [1] });
  });
  afterEach(() => cluster.stop());

  const free = (): readonly number[] => cluster.demand!.workers.map(({ freeSlots }) => freeSlots);

  it('is told while jobs wait, and when TaskManagers come', async () => {
    await cluster.submit(VERTEX);
    await until(() => cluster.demand?.missing === 2);
    await cluster.addTaskManager(1);
    await until(() => cluster.demand?.missing === 1);
    await cluster.addTaskManager(1);
    await until(() => cluster.demand?.missing === 0 && free().every((count) => count === 0));
    expect(cluster.demand!.workers).to.have.length(3);
  });

  it('is told when a TaskManager is lost, and its job waits again', async () => {
    await cluster.addTaskManager(2);
    const jobId = await cluster.running(VERTEX, { restartAttempts: 1 });
    await until(() => cluster.demand?.missing === 0);
    await cluster.taskManagers[1]!.taskManager.stop('killed');
    await until(() => cluster.demand?.missing === 2);
    expect(cluster.demand!.workers).to.have.length(1);
    await cluster.jobManager.cancelJob(jobId);
    await until(() => cluster.demand?.missing === 0);
  });

  it('lets a TaskManager go only when none of its slots is taken', async () => {
    await cluster.addTaskManager(2);
    const [first, second] = cluster.taskManagers;
    await cluster.running([{ parallelism: 1 }]);
    await settled();
    const [idle, busy] = cluster.demand!.workers[0]!.freeSlots === 1 ? [first!, second!] : [second!, first!];
    expect(cluster.releaseIdle(busy)).to.equal(false);
    expect(cluster.releaseIdle(idle)).to.equal(true);
    expect(cluster.releaseIdle(idle)).to.equal(false);
    await idle.taskManager.ended;
    expect(cluster.jobManager.overview().taskManagers).to.equal(1);
  });
});
