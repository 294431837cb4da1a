import { expect } from 'chai';
import { joinPath, type FileSystem } from '#core';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { expectExactlyOnce } from '../programs/exactly-once-output.js';
import { Installation, type Running } from '../standalone/command-line.js';
import { EXACTLY_ONCE } from '../standalone/programs.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { poll } from '../../testbed/poll.js';
import { signal } from '../../testbed/processes.js';
import { Testbed } from '../../testbed/testbed.js';
import { SessionCluster } from './session-cluster.js';

const PER_SECOND = 1500;
const RECORDS = 90_000;
const OUT = 'hdfs:///out';
const WITHIN_MS = 120_000;

/** What happens to the cluster while the job runs. Each leaves it able to go on. */
const MISHAPS: Readonly<Record<string, (testbed: Testbed, session: SessionCluster) => Promise<unknown>>> = {
  'kill -9 of a TaskManager': async (_, session) => {
    const [victim] = await session.taskManagers(2);
    signal(victim!.pid, 'SIGKILL');
  },
  'a restart of the ResourceManager': async (testbed) => {
    await testbed.resourceManager.restart();
    await testbed.ready();
  },
  'the loss of a DataNode': async (testbed) => {
    await testbed.dataNode(2).kill();
  },
  // not the one that has the ApplicationMaster
  'the loss of a NodeManager': async (testbed, session) => {
    const { amContainerLogs = '' } = await session.report();
    const { port } = new URL(amContainerLogs);
    const others = [1, 2]
      .map((number) => testbed.nodeManager(number))
      .filter(({ plan }) => !plan.args.some((arg) => arg.endsWith(`:${port}`)));
    expect(others).to.have.lengthOf(1);
    await others[0]!.kill();
  },
};

describe('a checkpointed job on YARN with its files in HDFS', function () {
  this.timeout(480_000);
  const directory = useTempDirectory();
  let testbed: Testbed;
  let files: FileSystem;
  before(async () => {
    // a lost node is missed soon
    const conf = { 'yarn.nm.liveness-monitor.expiry-interval-ms': '5000' };
    testbed = await Testbed.start({ hdfs: { dataNodes: 2 }, yarn: { nodeManagers: 2 }, conf });
    files = hdfsOf(testbed);
  });
  after(() => testbed.stop());

  it(`counts every record once, through ${Object.keys(MISHAPS).join(', ')}`, async () => {
    const configuration = {
      'taskmanager.numberOfTaskSlots': '2',
      'state.checkpoints.dir': 'hdfs:///checkpoints',
      'yarn.maximum-failed-containers': '-1',
      'heartbeat.timeout': '5000',
    };
    const session = await SessionCluster.start(testbed, { taskManagers: 2, configuration });
    try {
      await session.taskManagers(2);
      const client = await submit(session);
      for (const [mishap, happen] of Object.entries(MISHAPS)) {
        await checkpointed(session, client, mishap);
        await happen(testbed, session);
      }
      const { code, err } = await client.finished;
      expect(code, err).to.equal(0);
      const lines = { numbers: await linesIn('numbers'), windows: await linesIn('windows') };
      expectExactlyOnce(RECORDS, lines);
      await session.shutDown();
      expect(await session.ended()).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    } finally {
      await session.resourceManager.kill(session.applicationId);
    }
  });

  async function submit(session: SessionCluster): Promise<Running> {
    const installation = await Installation.create(directory.path, { 'fs.hdfs.hadoopconf': testbed.confDirectory });
    const program = installation.program('exactly-once.ts', EXACTLY_ONCE);
    const { amRPCAddress = '' } = await session.report();
    const args = [OUT, RECORDS, PER_SECOND, 0, 1000].map(String);
    return installation.start('flink-ts', 'run', '-m', amRPCAddress, '-p', '2', program, ...args);
  }

  /** Waits for two more complete checkpoints. */
  async function checkpointed(session: SessionCluster, client: Running, before: string): Promise<void> {
    let first: number | undefined;
    const ended = client.finished.then(({ out, err }) => {
      throw new Error(`the job ended before ${before}\n${out}\n${err}`);
    });
    const waited = poll(`checkpoints before ${before}`, WITHIN_MS, async () => {
      const { jobs } = await session.rest<{ jobs: readonly { readonly jid: string }[] }>('/jobs/overview');
      if (jobs[0] === undefined) return false;
      const { counts } = await session.rest<{ counts: { readonly completed: number } }>(`/jobs/${jobs[0].jid}/checkpoints`);
      first ??= counts.completed;
      return counts.completed >= first + 2;
    });
    await Promise.race([waited, ended]);
  }

  async function linesIn(name: string): Promise<string[]> {
    const lines: string[] = [];
    for (const { path } of await files.list(joinPath(OUT, name))) {
      if (path.includes('/.')) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of files.stream(path)) chunks.push(chunk as Buffer);
      lines.push(...Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1));
    }
    return lines;
  }
});
