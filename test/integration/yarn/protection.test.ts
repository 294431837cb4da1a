import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { fileSystems, silentLogger, systemClock } from '#core';
import { connectControl } from '#runtime';
import { readLeaderFile } from '../../../session/yarn/leader/leader-file.js';
import { readCredentials } from '../../../session/yarn/rpc/credentials.js';
import { rejection } from '../../support/rejection.js';
import { Testbed } from '../../testbed/testbed.js';
import { SessionCluster } from './session-cluster.js';

/** Who does not know the secret of the cluster gets nothing from its port. */
async function refusesStrangers({ applicationId, deployed }: SessionCluster): Promise<void> {
  const { host, controlPort } = await readLeaderFile(fileSystems, deployed.stagingDirectory);
  for (const secret of [undefined, 'guessed']) {
    const stranger = connectControl(host, controlPort, {
      identity: { clusterId: applicationId, secret },
      clock: systemClock,
      logger: silentLogger,
      connectTimeoutMs: 10_000,
      maxMessageBytes: 1024,
    });
    expect(await rejection(stranger))
      .to.have.property('message')
      .that.includes('the cluster secret differs');
  }
}

/** The secret of a container is in the file of its tokens, and not where others of the machine see it. */
function keepsTheSecret(pid: number): void {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  const file = /(?:^|\0)HADOOP_TOKEN_FILE_LOCATION=([^\0]*)/.exec(environment)?.[1] ?? '';
  const { secrets } = readCredentials(readFileSync(file));
  expect(secrets).to.have.length(1);
  const shown = environment + readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  for (const encoding of ['base64', 'hex', 'latin1'] as const) expect(shown).not.to.include(secrets[0]!.secret.toString(encoding));
}

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
      const [taskManager] = await session.taskManagers(2);
      await refusesStrangers(session);
      keepsTheSecret(taskManager!.pid);
      await session.shutDown();
      expect(await session.ended()).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    });
  }
});
