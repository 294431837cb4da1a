import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import type { FileSystem } from '#core';
import { YarnDeploymentError } from '../../../session/yarn/client/deployment/errors.js';
import { rejection } from '../../support/rejection.js';
import { poll } from '../../testbed/poll.js';
import { Testbed } from '../../testbed/testbed.js';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { linesOf, namesIn, writeText } from './hdfs-texts.js';
import { SessionCluster } from './session-cluster.js';
import { YarnClient } from './yarn-client.js';

/** Reads a file that ships with the application, in the slots, too. */
const SHIPPED = `import { readFileSync } from 'node:fs';
import { StreamExecutionEnvironment } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements(1).map(() => readFileSync('ship/deep/greeting.txt', 'utf8')).writeAsText('hdfs:///tmp/shipped');
await env.execute('shipped');
`;

/** Within which the answer is to be there when it is known. */
const SOON_MS = 5000;

describe('yarn-session: files that cannot be staged, or are not there any more', function () {
  this.timeout(120_000);
  let testbed: Testbed;
  let client: YarnClient;
  let files: FileSystem;

  before(async () => {
    testbed = await Testbed.start({ hdfs: {}, yarn: {} });
    files = hdfsOf(testbed);
    client = await YarnClient.of(testbed);
  });
  after(async () => {
    await client.close();
    await testbed.stop();
  });
  afterEach(async () => {
    expect(await client.running()).to.deep.equal([]);
    expect(await stagedApplications()).to.deep.equal([]);
  });

  async function stagedApplications(): Promise<readonly string[]> {
    return (await namesIn(files, `${await files.home()}/.flink`)).filter((name) => name !== 'cache');
  }

  /** Runs a session that is refused soon, with nothing said but why; answers that. */
  async function refused(by: YarnClient, ...words: string[]): Promise<string> {
    const startMs = performance.now();
    const session = await by.run('yarn-session', '-d', '-n', '1', ...words);
    expect(performance.now() - startMs).to.be.lessThan(SOON_MS);
    expect(session).to.include({ code: 1, out: '' });
    return session.err;
  }

  it('HDFS is read-only', async () => {
    await testbed.dfsAdmin('safemode', 'enter');
    try {
      expect(await refused(client)).to.match(
        /^could not make directory "hdfs:\S+\/user\/\w+\/\.flink\/cache": the NameNode is in safe mode, in which HDFS is read-only\n.*"hdfs dfsadmin -safemode leave"\.\n$/,
      );
    } finally {
      await testbed.dfsAdmin('safemode', 'leave');
    }
  });

  it('the user has no home directory, and may not make one', async () => {
    const bob = await YarnClient.of(testbed, {}, { HADOOP_USER_NAME: 'bob' });
    try {
      expect(await refused(bob)).to.match(
        /^applications cannot be staged in "hdfs:\S+\/user\/bob\/\.flink": permission denied: user=bob, access=WRITE, inode="\/user".*\n.*"yarn\.staging-directory"\.\n$/,
      );
    } finally {
      await bob.close();
    }
  });

  it('the directory is full', async () => {
    const home = (await files.home()).replace(/^hdfs:\/\/[^/]+/, '');
    await testbed.dfsAdmin('setSpaceQuota', '1m', home);
    try {
      expect(await refused(client)).to.match(
        /^could not write "hdfs:\S+\/\.flink\/\S+": over the quota: .*quota.*\n.*"hdfs dfsadmin -setSpaceQuota".*\n$/,
      );
    } finally {
      await testbed.dfsAdmin('clrSpaceQuota', home);
    }
  });

  it('no DataNode has room', async () => {
    // A block for which no disk is large enough.
    expect(await refused(client, '-D', 'flink.hadoop.dfs.blocksize=4t')).to.match(
      /^could not write "hdfs:\S+\/\.flink\/\S+": no DataNode takes a block: the NameNode finds none that lives and has room\n.*"hdfs dfsadmin -report".*\n$/,
    );
  });

  for (const [what, method, query, said] of [
    ['is changed', 'PUT', 'op=SETTIMES&modificationtime=1', /Resource hdfs:\S+\/flink-conf\.yaml changed on src filesystem/],
    ['goes missing', 'DELETE', 'op=DELETE', /File does not exist: hdfs:\S+\/flink-conf\.yaml/],
  ] as const) {
    it(`a file ${what} before the container is made`, async () => {
      const home = (await files.home()).replace(/^hdfs:\/\/[^/]+/, '');
      const meddle = (text: string): void => {
        const id = /^Submitting application master (.*)$/.exec(text)?.[1];
        if (id === undefined) return;
        const url = `${testbed.nameNodePage()}/webhdfs/v1${home}/.flink/${id}/flink-conf.yaml?${query}&user.name=${userInfo().username}`;
        spawnSync(process.execPath, ['-e', `fetch(${JSON.stringify(url)}, { method: '${method}' })`]);
      };
      const error = await rejection(SessionCluster.start(testbed, { progress: meddle }));
      expect(error).to.be.instanceOf(YarnDeploymentError);
      const { message, action } = error as YarnDeploymentError;
      expect(message).to.match(said);
      expect(message).not.to.match(/^\s+at /m);
      expect(action).to.match(/^A file was changed or removed between its upload and the start of the container/);
    });
  }

  it('is not so with a program, ship files, flink-ts and Node in HDFS: nothing is uploaded, and all of it used', async () => {
    const cache = `${await files.home()}/.flink/cache`;
    await files.makeDirectories('hdfs:///apps/flink-ts');
    const cached = (await files.list(cache)).filter(({ directory }) => !directory);
    expect(cached).to.have.length(2);
    for (const { path } of cached) await files.rename(path, path.replace(cache, 'hdfs:///apps/flink-ts'));
    await writeText(files, 'hdfs:///tmp/ship/deep/greeting.txt', 'from HDFS');
    await writeText(files, 'hdfs:///tmp/jobs/job.ts', SHIPPED);
    const settings = ['yarn.provided.lib.dirs=hdfs:///apps/flink-ts', 'yarn.ship-files=hdfs:///tmp/ship'];
    const run = await client.run(
      'run',
      '-t',
      'yarn-application',
      ...settings.flatMap((setting) => ['-D', setting]),
      'hdfs:///tmp/jobs/job.ts',
    );
    expect(run.code, run.err).to.equal(0);
    expect(await client.endOf(run.applicationId)).to.include({ name: 'Flink Application: job.ts', finalStatus: 'SUCCEEDED' });
    expect(await linesOf(files, 'hdfs:///tmp/shipped')).to.deep.equal(['from HDFS']);
    expect((await files.list(cache)).filter(({ directory }) => !directory)).to.deep.equal([]);
    await poll('the end of the staging directory', 20_000, async () => (await stagedApplications()).length === 0);
  });
});
