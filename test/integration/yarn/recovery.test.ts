import { expect } from 'chai';
import { poll } from '../../testbed/poll.js';
import { signal } from '../../testbed/processes.js';
import { fileSystems } from '#core';
import { Testbed } from '../../testbed/testbed.js';
import { SessionCluster, type SessionOptions } from './session-cluster.js';

describe('session on YARN: recovery', function () {
  this.timeout(240_000);
  let testbed: Testbed;
  let session: SessionCluster;
  before(async () => {
    const conf = { 'yarn.nm.liveness-monitor.expiry-interval-ms': '5000' };
    testbed = await Testbed.start({ yarn: { nodeManagers: 2 }, conf });
  });
  after(() => testbed.stop());
  afterEach(async () => {
    await session.resourceManager.kill(session.applicationId);
    await session.ended();
  });

  async function start(options: SessionOptions): Promise<SessionCluster> {
    session = await SessionCluster.start(testbed, options);
    return session;
  }

  it('replaces a TaskManager whose process is killed', async () => {
    await start({ taskManagers: 2 });
    const [victim, other] = await session.taskManagers(2);
    signal(victim!.pid, 'SIGKILL');
    await poll('another TaskManager', 60_000, async () => {
      const now = await session.taskManagers(2);
      return now.every(({ id }) => id !== victim!.id) && now.some(({ id }) => id === other!.id);
    });
  });

  it('lives through a restart of the ResourceManager', async () => {
    await start({ taskManagers: 1 });
    const [before] = await session.taskManagers(1);
    await testbed.resourceManager.restart();
    await testbed.ready();
    await poll('the application to be known again', 60_000, async () => (await session.report()).state === 'RUNNING');
    signal(before!.pid, 'SIGKILL');
    await poll('another TaskManager', 60_000, async () => (await session.taskManagers(1))[0]!.id !== before!.id);
    await session.shutDown();
    expect(await session.ended()).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
  });

  it('leaves no staging directory when the application is killed', async () => {
    await start({ taskManagers: 1 });
    const { path, fileSystem } = fileSystems.resolve(session.deployed.stagingDirectory);
    expect(await fileSystem.exists(path)).to.equal(true);
    await session.resourceManager.kill(session.applicationId);
    expect(await session.ended()).to.include({ state: 'KILLED' });
    await poll('the staging directory to be removed', 30_000, async () => !(await fileSystem.exists(path)));
  });

  it('goes on in a second attempt with the TaskManagers of the first', async () => {
    await start({ taskManagers: 2, configuration: { 'yarn.application-attempts': '2' } });
    const before = await session.taskManagers(2);
    const { amRPCAddress: first } = await session.report();
    await session.killMaster(1);
    await poll('another address', 60_000, async () => {
      const { amRPCAddress } = await session.report();
      return amRPCAddress !== undefined && amRPCAddress !== first;
    });
    const after = await session.taskManagers(2);
    expect(after.map(({ pid }) => pid)).to.have.members(before.map(({ pid }) => pid));
  });

  it('replaces what ran on a node that is lost, the ApplicationMaster included', async () => {
    await start({ taskManagers: 2, configuration: { 'yarn.application-attempts': '2' } });
    const before = await session.taskManagers(2);
    await testbed.nodeManager(1).kill();
    await poll('TaskManagers on the node that is left', 90_000, async () => {
      const now = await session.taskManagers(2);
      return now.some(({ id }) => before.every((old) => old.id !== id));
    });
  });
});
