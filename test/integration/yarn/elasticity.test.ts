import { expect } from 'chai';
import { poll } from '../../testbed/poll.js';
import { Testbed } from '../../testbed/testbed.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from '../standalone/command-line.js';
import { HELLO } from '../standalone/programs.js';
import { SessionCluster } from './session-cluster.js';

describe('session on YARN: TaskManagers on demand', function () {
  this.timeout(240_000);
  const directory = useTempDirectory();
  let testbed: Testbed;
  let session: SessionCluster;
  before(async () => {
    testbed = await Testbed.start({ yarn: {} });
  });
  after(() => testbed.stop());

  it('come for a job, and go when they have nothing to do', async () => {
    session = await SessionCluster.start(testbed, { configuration: { 'resourcemanager.taskmanager-timeout': '3000' } });
    expect(await session.taskManagers(0)).to.deep.equal([]);
    const installation = await Installation.create(directory.path);
    const { amRPCAddress = '' } = await session.report();
    const run = await installation.flink('run', '-m', amRPCAddress, '-p', '2', installation.program('hello.ts', HELLO));
    expect(run).to.include({ code: 0 }, run.err);
    await session.taskManagers(0);
    await poll('the containers to be given back', 60_000, async () => (await session.report()).runningContainers === 1);
    await session.shutDown();
    expect(await session.ended()).to.include({ finalStatus: 'SUCCEEDED' });
  });
});
