import { expect } from 'chai';
import { Testbed } from '../../testbed/testbed.js';
import { SessionCluster } from './session-cluster.js';

describe('session on YARN: protection of Hadoop RPC', function () {
  this.timeout(240_000);
  let testbed: Testbed | undefined;
  afterEach(async () => {
    await testbed?.stop();
    testbed = undefined;
  });

  for (const protection of ['authentication', 'integrity', 'privacy']) {
    it(`runs and stops with hadoop.rpc.protection "${protection}"`, async () => {
      testbed = await Testbed.start({ yarn: {}, conf: { 'hadoop.rpc.protection': protection } });
      const session = await SessionCluster.start(testbed, { taskManagers: 2 });
      await session.taskManagers(2);
      await session.shutDown();
      expect(await session.ended()).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    });
  }
});
