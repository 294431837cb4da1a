import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import type { FileSystem } from '#core';
import { poll } from '../../testbed/poll.js';
import { Testbed } from '../../testbed/testbed.js';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { linesOf, namesIn, writeText } from './hdfs-texts.js';
import { COUNTS, INPUT, WORD_COUNT } from './word-count-program.js';
import { killMaster } from './session-cluster.js';
import { getJson, YarnClient } from './yarn-client.js';

/** A node, as the ResourceManager shows it. */
interface Node {
  readonly id: string;
  readonly usedMemoryMB: number;
  readonly availMemoryMB: number;
  readonly usedVirtualCores: number;
  readonly availableVirtualCores: number;
}

const ENDLESS = `import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.dataGenerator((index) => index, 1_000_000, { ratePerSecond: 10 }).print();
await env.execute('endless');
`;

describe('yarn-session: sessions on real YARN', function () {
  this.timeout(180_000);
  let testbed: Testbed;
  let client: YarnClient;
  let files: FileSystem;
  let home: string;

  before(async () => {
    const conf = { 'yarn.nodemanager.resource.memory-mb': '3072' };
    testbed = await Testbed.start({ hdfs: {}, yarn: { nodeManagers: 3 }, conf });
    files = hdfsOf(testbed);
    home = await files.home();
  });
  after(() => testbed.stop());

  beforeEach(async () => {
    client = await YarnClient.of(testbed);
  });
  afterEach(() => client.close());

  /** The ApplicationMaster has told YARN before it tidies up. */
  async function onlyCache(): Promise<void> {
    await poll('only the cache', 20_000, async () => (await namesIn(files, `${home}/.flink`)).join() === 'cache');
  }

  it('starts detached with two TaskManagers, runs a program found through the properties file, and stops by a piped "stop"', async () => {
    const words = ['-n', '2', '-s', '2', '-jm', '1024', '-tm', '1024', '-nm', 'demo', '-qu', 'root.default', '-d'];
    const session = await client.run('yarn-session', ...words);
    expect(session.code, session.err).to.equal(0);
    expect(session.out).to.include('Flink JobManager is now running on ').and.to.include('All TaskManagers are connected');
    const id = session.applicationId;
    expect(session.out).to.include(`yarn application -kill ${id}`);
    const applications = await client.running();
    expect(applications.map((application) => application.id)).to.deep.equal([id]);
    const report = await client.resourceManager.report(id);
    expect(report).to.include({
      name: 'demo',
      applicationType: 'Apache Flink',
      queue: 'root.default',
      state: 'RUNNING',
      runningContainers: 3,
    });
    expect(await getJson(`${report.trackingUrl ?? ''}overview`)).to.include({ taskmanagers: 2, 'slots-total': 4 });
    expect(readFileSync(client.propertiesFile, 'latin1'))
      .to.match(new RegExp(`^parallelism=4$`, 'm'))
      .and.to.include(`applicationID=${id}`);
    expect(await namesIn(files, `${home}/.flink`)).to.include.members([id, 'cache']);

    await writeText(files, 'hdfs:///tmp/in.txt', INPUT);
    const program = client.program('word-count.ts', WORD_COUNT);
    expect((await client.run('list', '-a')).out)
      .to.include('No running jobs.')
      .and.to.include('No terminated jobs.');
    const run = await client.run('run', program, '--input', 'hdfs:///tmp/in.txt', '--output', 'hdfs:///tmp/out');
    expect(run.code, run.err).to.equal(0);
    expect(run.out).to.include(`Found YARN properties file ${client.propertiesFile}`);
    expect(run.out).to.include('YARN properties set default parallelism to 4');
    expect(run.out).to.include(`Using Yarn application id from YARN properties ${id}`);
    expect(run.out).to.match(/Job Runtime: \d+ ms/);
    expect(await linesOf(files, 'hdfs:///tmp/out')).to.deep.equal(COUNTS);
    const list = await client.run('list', '-a');
    expect(list.out).to.include('Word Count (FINISHED)');

    const stop = client.start('yarn-session', '-id', id);
    stop.child.stdin?.end('stop\n');
    expect(await stop.end(), stop.err).to.equal(0);
    expect(await client.endOf(id)).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    expect(existsSync(client.propertiesFile)).to.equal(false);
    await onlyCache();
  });

  it('takes commands while attached, and ends by "stop"', async () => {
    const session = client.start('yarn-session', '-n', '1');
    await session.writes('Number of connected TaskManagers changed to 1. Slots available: 1');
    session.type('help');
    await session.writes('Available commands:\nhelp - show these commands\nstop - stop the YARN session');
    session.type('foo');
    await session.writes("Unknown command 'foo'. Showing help:");
    session.type('stop');
    expect(await session.end(), session.err).to.equal(0);
    expect(await client.endOf(session.applicationId)).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    expect(existsSync(client.propertiesFile)).to.equal(false);
    await onlyCache();
  });

  it('ends with the client that started it, by Ctrl-C, but not with one that attached to it, nor by the end of the input', async () => {
    const session = client.start('yarn-session', '-n', '1');
    await session.writes('Number of connected TaskManagers changed to 1');
    session.child.stdin?.end();
    const id = session.applicationId;
    const attached = client.start('yarn-session', '-id', id);
    await attached.writes('Number of connected TaskManagers changed to 1');
    attached.child.kill('SIGINT');
    expect(await attached.end(), attached.err).to.equal(0);
    expect((await client.resourceManager.report(id)).state).to.equal('RUNNING');
    expect(session.child.exitCode).to.equal(null);
    session.child.kill('SIGINT');
    expect(await session.end(), session.err).to.equal(0);
    expect(await client.endOf(id)).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
  });

  const ENDINGS: Readonly<Record<string, (applicationId: string) => Promise<void>>> = {
    'the application is killed': async (id) => {
      await client.resourceManager.kill(id);
    },
    'its ApplicationMaster is killed': async (id) => {
      await killMaster(id, 1);
    },
  };
  for (const [what, happen] of Object.entries(ENDINGS)) {
    it(`tells when ${what}, and leaves nothing`, async () => {
      const session = client.start('yarn-session', '-n', '1');
      await session.writes('Number of connected TaskManagers changed to 1');
      await happen(session.applicationId);
      expect(await session.end()).to.equal(1);
      expect(session.err).to.include('The YARN cluster has failed');
      expect(existsSync(client.propertiesFile)).to.equal(false);
      await onlyCache();
    });
  }

  it('uploads nothing for a second session, whose properties take the place of the first', async () => {
    const first = await client.run('yarn-session', '-n', '1', '-d');
    const cached = await files.list(`${home}/.flink/cache`);
    const second = await client.run('yarn-session', '-n', '1', '-d', '-D', 'parallelism.default=1');
    expect([first.code, second.code]).to.deep.equal([0, 0]);
    expect(await files.list(`${home}/.flink/cache`)).to.deep.equal(cached);
    const ofSecond = await client.run('list');
    expect(ofSecond.out).to.include(`Using Yarn application id from YARN properties ${second.applicationId}`);
    const ofFirst = await client.run('list', '-yid', first.applicationId);
    expect(ofFirst.code, ofFirst.err).to.equal(0);
    expect(ofFirst.out).not.to.include('Using Yarn application id');
    await namesStaleFile(second.applicationId);
  });

  /** Kills the session that the properties file tells of: the file stays, and is named by the next command. */
  async function namesStaleFile(id: string): Promise<void> {
    await client.resourceManager.kill(id);
    await client.endOf(id);
    const others = (await client.running()).map((report) => report.id);
    const run = await client.run('run', client.program('word-count.ts', WORD_COUNT));
    expect(run.code).to.equal(1);
    expect(run.err).to.include(`The Yarn application ${id} doesn't run anymore.`).and.to.include(client.propertiesFile);
    expect((await client.running()).map((report) => report.id)).to.deep.equal(others);
  }

  it('goes on after its ApplicationMaster is killed, and tells which jobs are lost', async () => {
    const session = client.start('yarn-session', '-n', '1', '-D', 'yarn.application-attempts=2');
    await session.writes('Number of connected TaskManagers changed to 1');
    const job = client.start('run', client.program('endless.ts', ENDLESS));
    await job.writes('Job execution switched to status RUNNING.');
    const [jobId = ''] = /[0-9a-f]{32}/.exec(job.out) ?? [];
    const lost = `lost with the JobManager before this one, since "high-availability" is off: "endless" (${jobId})`;
    await killMaster(session.applicationId, 1);
    expect(await job.end()).to.equal(1);
    expect(job.err).to.match(new RegExp(`^lost the JobManager at .* while job ${jobId} was running: .*`, 'm'));

    await session.writes(`New messages from the YARN cluster: \n${lost}`);
    const list = await client.run('list');
    expect(list.code, list.err).to.equal(0);
    expect(list.out).to.include(`Message of the cluster: ${lost}\n`).and.to.include('No running jobs.');
    const cancel = await client.run('cancel', jobId);
    expect(cancel.code).to.equal(1);
    expect(cancel.err).to.include(`job "endless" (${jobId}) was lost with the JobManager before this one`);
    session.type('stop');
    expect(await session.end(), session.err).to.equal(0);
    expect(await client.endOf(session.applicationId)).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    await onlyCache();
  });

  it('prints the nodes and queues of the cluster, and starts nothing', async () => {
    const query = await client.run('yarn-session', '-q');
    expect(query.code, query.err).to.equal(0);
    const address = testbed.conf('yarn.resourcemanager.webapp.address');
    const { nodes } = await getJson<{ nodes: { node: readonly Node[] } }>(`http://${address}/ws/v1/cluster/nodes`);
    const sum = (of: (node: Node) => number): number => nodes.node.reduce((all, node) => all + of(node), 0);
    const memory = sum((node) => node.usedMemoryMB + node.availMemoryMB);
    const cores = sum((node) => node.usedVirtualCores + node.availableVirtualCores);
    expect([nodes.node.length, memory]).to.deep.equal([3, 9216]);
    expect(query.out)
      .to.include('NodeManagers in the ClusterClient 3')
      .and.to.include(`Summary: totalMemory ${memory} totalCores ${cores}`);
    for (const { id } of nodes.node) expect(query.out).to.match(new RegExp(`\\|NodeID +\\|${id} `));
    expect(query.out).to.match(/Queue: default, Current Capacity: 0\.0 Max Capacity: 1\.0 Applications: 0/);
    expect(await client.running()).to.deep.equal([]);
  });
});
