import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { httpJson } from '../../testbed/http-json.js';
import { poll } from '../../testbed/poll.js';
import { containerProcesses, isAlive } from '../../testbed/processes.js';
import { Testbed } from '../../testbed/testbed.js';

const START_MS = 240_000;

describe('a testbed of HDFS and YARN', function () {
  let testbed: Testbed;

  before(async function () {
    this.timeout(START_MS);
    testbed = await Testbed.start({ hdfs: {}, yarn: { nodeManagers: 2 }, conf: { 'yarn.scheduler.maximum-allocation-vcores': '7' } });
  });

  after(() => testbed.stop());

  it('takes settings over its own', async () => {
    const apps = `${testbed.exports['RESOURCEMANAGER_HTTP']!}/ws/v1/cluster/apps/new-application?user.name=test`;
    const application = (await httpJson(apps, 'POST')) as { 'maximum-resource-capability': { readonly vCores: number } };
    expect(application['maximum-resource-capability'].vCores).to.equal(7);
  });

  it('restarts a ResourceManager that remembers, and its NodeManagers find it again', async () => {
    const before = testbed.resourceManager.pid!;
    await testbed.resourceManager.restart();
    await testbed.ready();
    expect(isAlive(before)).to.equal(false);
    expect(testbed.resourceManager.pid).to.not.equal(before);
  });

  it('starts a NodeManager again on the ports of one that was killed', async () => {
    await testbed.nodeManager(2).kill();
    testbed.nodeManager(2).start();
    await testbed.ready();
    expect(testbed.nodeManager(2).pid).to.not.equal(undefined);
  });

  it('starts a DataNode and the NameNode again with the files they had', async () => {
    await testbed.dataNode().kill();
    await testbed.nameNode().kill();
    testbed.nameNode().start();
    testbed.dataNode().start();
    await testbed.ready();
    const status = (await httpJson(`${testbed.nameNodePage()}/webhdfs/v1/tmp?op=GETFILESTATUS`)) as { FileStatus: { permission: string } };
    expect(status.FileStatus.permission).to.equal('1777');
  });

  it('finds and ends containers that outlived their NodeManager', async () => {
    const { home } = testbed.plan;
    const container = spawn('sleep', ['600'], {
      env: { ...process.env, LOCAL_DIRS: `${home}/data/nodemanager-1/local/x` },
      stdio: 'ignore',
    });
    await poll('the container', 5000, () => containerProcesses(home).includes(container.pid!));
    await testbed.endContainers();
    expect(containerProcesses(home)).to.deep.equal([]);
  });
});

describe('a testbed with two NameNodes', function () {
  let testbed: Testbed;

  before(async function () {
    this.timeout(START_MS);
    testbed = await Testbed.start({ hdfs: { nameNodes: 2 } });
  });

  after(() => testbed.stop());

  it('fails over by hand, also away from a NameNode that is gone', async () => {
    expect(await testbed.nameNodeState(1)).to.equal('active');
    await testbed.makeActive(2);
    expect(await testbed.nameNodeState(1)).to.equal('standby');
    expect(await testbed.nameNodeState(2)).to.equal('active');
    await testbed.nameNode(2).kill();
    await testbed.makeActive(1);
    await testbed.ready();
    expect(await testbed.nameNodeState(2)).to.equal(undefined);
  });
});

describe('the end of a testbed', () => {
  it('leaves neither processes nor files behind when its process is killed', async function () {
    this.timeout(START_MS);
    const program = `import { Testbed } from ${JSON.stringify(new URL('../../testbed/testbed.js', import.meta.url).href)};
      const testbed = await Testbed.start({ hdfs: {} });
      console.log(JSON.stringify({ home: testbed.plan.home, pids: testbed.daemons.map(({ pid }) => pid) }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await poll('a testbed of another process', 90_000, () => output.includes('\n'));
    const { home, pids } = JSON.parse(output) as { home: string; pids: number[] };
    expect(pids.every(isAlive)).to.equal(true);
    child.kill('SIGKILL');
    await poll('end of its daemons', 10_000, () => !pids.some(isAlive) && !existsSync(home));
  });
});
