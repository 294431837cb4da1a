import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { putFile } from '../../support/file-system-contract.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { writeConfFiles } from '../../testbed/conf-files.js';
import { httpJson } from '../../testbed/http-json.js';
import { poll } from '../../testbed/poll.js';
import { Installation } from '../standalone/command-line.js';
import { EXACTLY_ONCE, TOTALS } from '../standalone/programs.js';
import { RunningJob } from '../standalone/running-job.js';
import { hdfsLines } from './hdfs-under-test.js';
import { activeNameNodePage, failOver, useSharedHdfs } from './shared-hdfs.js';

/** Copies lines; in the middle it waits until a file appears. */
const COPY = `import { existsSync, writeFileSync } from 'node:fs';
import { StreamExecutionEnvironment } from 'flink-ts';
const [input, output, middle] = process.argv.slice(2);
let seen = 0;
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.readTextFile(input).map((line) => {
  if (++seen === 15_000 && middle !== undefined) {
    writeFileSync(middle + '.reached', '');
    while (!existsSync(middle)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  return line;
}).writeAsText(output);
await env.execute('copy');
`;
/** 3 MB. */
const LINES = Array.from({ length: 30_720 }, (_, index) => String(index).padEnd(101, '.'));
const RECORDS = 40_000;
const MEGABYTE = 1024 * 1024;

describe('jobs on HDFS', function () {
  this.timeout(300_000);
  const directory = useTempDirectory();
  const hdfs = useSharedHdfs();

  /** A client whose Hadoop settings are the testbed's, and some more. */
  async function installation(settings: Readonly<Record<string, string>>, hadoop: Readonly<Record<string, string>> = {}, workers = 1) {
    const hadoopConf = join(directory.path, 'hadoop-conf');
    mkdirSync(hadoopConf, { recursive: true });
    writeConfFiles(hadoopConf, { ...hdfs.testbed.plan.conf, ...hadoop });
    return Installation.create(directory.path, { 'fs.hdfs.hadoopconf': hadoopConf, ...settings }, workers);
  }

  it('read and write through a fail-over, with the replication and block size of the configuration', async () => {
    const client = await installation({}, { 'dfs.replication': '2', 'dfs.blocksize': String(MEGABYTE) });
    const input = await putFile(hdfs, 'in', LINES.map((line) => `${line}\n`).join(''));
    const output = `${hdfs.root.replace('hdfs:///', 'hdfs://ns1/')}/out`;
    const middle = join(directory.path, 'middle');
    const job = client.start('flink-ts', 'run', '-p', '1', client.program('copy.ts', COPY), input, output, middle);
    await poll('the middle of the job', 60_000, () => existsSync(`${middle}.reached`));
    await failOver(hdfs.testbed);
    writeFileSync(middle, '');
    const { code, err } = await job.finished;
    expect(code, err).to.equal(0);
    expect(await hdfsLines(hdfs.files, `${hdfs.root}/out`)).to.deep.equal(LINES);
    const out = `${await activeNameNodePage(hdfs.testbed)}/webhdfs/v1${hdfs.root.slice('hdfs://'.length)}/out`;
    expect(await httpJson(`${out}?op=GETFILESTATUS`))
      .to.have.property('FileStatus')
      .that.includes({ replication: 2, blockSize: MEGABYTE, length: 30_720 * 102 });
    const blocks = (await httpJson(`${out}?op=GETFILEBLOCKLOCATIONS`)) as { BlockLocations: { BlockLocation: { length: number }[] } };
    const lengths = blocks.BlockLocations.BlockLocation.map(({ length }) => length);
    expect(lengths).to.deep.equal([MEGABYTE, MEGABYTE, 30_720 * 102 - 2 * MEGABYTE]);
  });

  it('name an authority that nobody knows', async () => {
    const client = await Installation.create(directory.path);
    const { code, err } = await client.flink('run', client.program('copy.ts', COPY), 'hdfs://ns1/in', 'hdfs://ns1/out');
    expect(code).to.equal(1);
    expect(err).to.include(
      "The Hadoop file system's authority (ns1), specified by either the file URI or the configuration, cannot be resolved.",
    );
    const nowhere = await client.flink('run', client.program('copy.ts', COPY), 'hdfs:///in', 'hdfs:///out');
    expect(nowhere.code).to.equal(1);
    expect(nowhere.err).to.include('The given file system URI (hdfs:///) did not describe the authority');
    expect(nowhere.err).to.include("did not contain an entry for the default file system ('fs.defaultFS')");
  });

  it('write every record once though a TaskManager and a DataNode are killed', async () => {
    const settings = { 'taskmanager.numberOfTaskSlots': '2', 'state.checkpoints.dir': `${hdfs.root}/checkpoints` };
    const cluster = await installation(settings, {}, 2);
    await cluster.run('start-cluster.sh');
    try {
      const args = ['run', '-m', cluster.address, '-p', '2', cluster.program('once.ts', EXACTLY_ONCE), `${hdfs.root}/out`];
      const client = cluster.start('flink-ts', ...args, String(RECORDS), '3000', '0');
      const job = await RunningJob.of(cluster);
      await job.checkpointed(2);
      process.kill(cluster.pids('taskmanager').at(-1)!, 'SIGKILL');
      await cluster.run('taskmanager.sh', 'start');
      await job.allRun();
      await job.checkpointed(2);
      await hdfs.testbed.dataNode(1).kill();
      const finished = await client.finished;
      expect(finished.code, finished.err).to.equal(0);
    } finally {
      await cluster.run('stop-cluster.sh');
      if (hdfs.testbed.dataNode(1).pid === undefined) hdfs.testbed.dataNode(1).start();
      await hdfs.testbed.ready();
    }
    const numbers = (await hdfsLines(hdfs.files, `${hdfs.root}/out/numbers`)).map((line) => Number(line.split(' ')[2]));
    expect(numbers.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: RECORDS }, (_, number) => number));
    const counts = (await hdfsLines(hdfs.files, `${hdfs.root}/out/windows`)).map((line) => Number(line.split(' ')[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(RECORDS);
  });

  it('keep checkpoints, and go on from one, and from a savepoint at another parallelism', async () => {
    const cluster = await installation({
      'taskmanager.numberOfTaskSlots': '3',
      'execution.checkpointing.interval': '300',
      'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
      'state.checkpoints.num-retained': '3',
      'state.checkpoints.dir': `${hdfs.root}/checkpoints`,
      'state.savepoints.dir': `${hdfs.root}/savepoints`,
    });
    await cluster.run('start-cluster.sh');
    try {
      const program = cluster.program('totals.ts', TOTALS);
      await cluster.flink('run', '-d', '-m', cluster.address, '-p', '2', program, '500');
      const job = await RunningJob.of(cluster);
      await job.checkpointed(4);
      const taken = await cluster.flink('savepoint', '-m', cluster.address, job.jobId);
      const savepoint = /Savepoint completed\. Path: (hdfs:.*)\n/.exec(taken.out)?.[1] ?? taken.err;
      expect((await cluster.flink('cancel', '-m', cluster.address, job.jobId)).code).to.equal(0);
      // One that was being made is removed after the job has ended.
      const retained = await poll('three retained checkpoints', 20_000, async () => {
        const found = (await hdfs.files.list(`${hdfs.root}/checkpoints/${job.jobId}`)).filter(({ path }) => /\/chk-\d+$/.test(path));
        return found.length === 3 && found;
      });
      for (const { path } of retained) expect(await hdfs.files.exists(`${path}/_metadata`)).to.equal(true);
      for (const [path, parallelism] of [
        [retained[2]!.path, '2'],
        [savepoint, '3'],
      ] as const) {
        const { code, err } = await cluster.flink('run', '-m', cluster.address, '-p', parallelism, '-s', path, program, '1000000');
        expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      }
      expect((await cluster.flink('savepoint', '-m', cluster.address, '-d', savepoint)).code).to.equal(0);
      expect(await hdfs.files.exists(savepoint)).to.equal(false);
    } finally {
      await cluster.run('stop-cluster.sh');
    }
    const totals = cluster.log('taskmanager', 0, hostname(), 'out').match(/total \d+ \d+/g) ?? [];
    const expected = Array.from({ length: 20 }, (_, key) => `total ${key} ${9_990_000 + 1000 * key}`);
    expect(totals.sort()).to.deep.equal([...expected, ...expected].sort());
  });
});
