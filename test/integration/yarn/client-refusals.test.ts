import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '#core';
import { ApplicationStaging } from '../../../session/yarn/client/staging/application-staging.js';
import { Testbed } from '../../testbed/testbed.js';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { namesIn } from './hdfs-texts.js';
import { YarnClient } from './yarn-client.js';

const SOON_MS = 10_000;

describe('yarn-session: what is refused', function () {
  this.timeout(120_000);
  let testbed: Testbed;
  let client: YarnClient;
  let files: FileSystem;

  before(async () => {
    testbed = await Testbed.start({ hdfs: {}, yarn: {}, conf: { 'yarn.nodemanager.resource.memory-mb': '2048' } });
    files = hdfsOf(testbed);
    client = await YarnClient.of(testbed);
    // As after a first session: what takes longest is in HDFS already.
    const staging = new ApplicationStaging({ fileSystem: files, home: await files.home() }, 'application_1_0001');
    await staging.create();
    await Promise.all([staging.runtime(), staging.node()]);
    await staging.remove();
  });
  after(async () => {
    await client.close();
    await testbed.stop();
  });

  /** Runs a session that is refused soon. */
  async function refused(...words: string[]): Promise<string> {
    const startMs = performance.now();
    const text = await notStarted(...words);
    expect(performance.now() - startMs).to.be.lessThan(SOON_MS);
    return text;
  }

  /** Runs a session that does not come to be: exit code 1, nothing left. */
  async function notStarted(...words: string[]): Promise<string> {
    const session = await client.run('yarn-session', '-d', ...words);
    expect(session.code, session.out).to.equal(1);
    expect(await client.running()).to.deep.equal([]);
    const staged = await namesIn(files, `${await files.home()}/.flink`);
    expect(staged.filter((name) => name !== 'cache')).to.deep.equal([]);
    return session.out + session.err;
  }

  it('more memory than the largest container', async () => {
    expect(await refused('-n', '1', '-tm', '9000')).to.match(
      /for the TaskManagers available!\nMaximum Memory: \d+MB Requested: 9000MB\. Please check the 'yarn\.scheduler\.maximum-allocation-mb'/,
    );
  });

  it('an unknown queue: a warning that lists the queues, then the words of YARN', async () => {
    const text = await refused('-n', '1', '-qu', 'nowhere');
    expect(text).to.include("The specified queue 'nowhere' does not exist. Available queues: default");
    expect(text).to.match(/unknown queue/i);
  });

  it('no TaskManagers', async () => {
    expect(await refused('-n', '0')).to.include('Taskmanager count must be positive');
  });

  it('more virtual cores than a node has', async () => {
    expect(await refused('-n', '1', '-D', 'yarn.containers.vcores=99')).to.match(
      /The number of virtual cores per node were configured with 99 but Yarn only has \d+ virtual cores available/,
    );
  });

  it('a container in which there is no Node, with what the shell says', async () => {
    const text = await notStarted('-n', '1', '-D', 'env.java.home=/nowhere');
    expect(text).to.include('The YARN application unexpectedly switched to state FAILED during deployment.');
    expect(text)
      .to.include('/nowhere/bin/node')
      .and.to.match(/yarn logs -applicationId application_\d+_\d+/);
  });

  it('a ship directory that is not there is left out with a warning; a ship file that is not there is refused', async () => {
    const text = await refused('-n', '1', '-t', '/nowhere', '-D', 'yarn.ship-files=/nowhere/at-all');
    expect(text).to.include('Ship directory is not a directory. Ignoring it.').and.to.include('"/nowhere/at-all" cannot be shipped');
  });

  it('a properties file without an application, and one with a bad one', async () => {
    writeFileSync(client.propertiesFile, 'parallelism=4\n');
    const without = await client.run('list');
    expect(without.code).to.equal(1);
    expect(without.err).to.include("Yarn properties file found but doesn't contain a Yarn application id.");
    writeFileSync(client.propertiesFile, 'applicationID=mine\n');
    const bad = await client.run('list');
    expect(bad.code).to.equal(1);
    expect(bad.err).to.include('YARN properties contains an invalid entry for application id: mine');
  });

  it('a ResourceManager that is not there, within 5 s', async () => {
    const startMs = performance.now();
    const file = join(client.directory, 'yarn-site.xml');
    const property = '<property><name>yarn.resourcemanager.webapp.address</name><value>127.0.0.1:1</value><final>true</final></property>';
    writeFileSync(file, `<configuration>${property}</configuration>`);
    const session = await client.run('yarn-session', '-n', '1', '-D', 'flink.yarn.resourcemanager.webapp.address=127.0.0.1:1');
    expect(session.code).to.equal(1);
    expect(session.err).to.include('no YARN ResourceManager answers: http://127.0.0.1:1 (connection refused)');
    expect(performance.now() - startMs).to.be.lessThan(5000);
  });
});
