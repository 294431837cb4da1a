import { expect } from 'chai';
import { existsSync } from 'node:fs';
import type { FileSystem } from '#core';
import { poll } from '../../testbed/poll.js';
import { Testbed } from '../../testbed/testbed.js';
import { hdfsOf } from '../hdfs/hdfs-under-test.js';
import { linesOf, namesIn, writeText } from './hdfs-texts.js';
import { COUNTS, INPUT, WORD_COUNT } from './word-count-program.js';
import { killMaster } from './session-cluster.js';
import { YarnClient } from './yarn-client.js';

const IO = ['--input', 'hdfs:///tmp/in.txt', '--output'] as const;

describe('run on a YARN cluster of its own', function () {
  this.timeout(180_000);
  let testbed: Testbed;
  let client: YarnClient;
  let files: FileSystem;
  let program: string;

  before(async () => {
    testbed = await Testbed.start({ hdfs: {}, yarn: {} });
    files = hdfsOf(testbed);
    client = await YarnClient.of(testbed);
    program = client.program('word-count.ts', WORD_COUNT);
    await writeText(files, 'hdfs:///tmp/in.txt', INPUT);
  });
  after(async () => {
    await client.close();
    await testbed.stop();
  });
  afterEach(async () => {
    expect(await client.running()).to.deep.equal([]);
    // The ApplicationMaster has told YARN before it tidies up.
    await poll('only the cache', 20_000, async () => (await namesIn(files, `${await files.home()}/.flink`)).join() === 'cache');
    expect(existsSync(client.propertiesFile)).to.equal(false);
  });

  it('ends with its job', async () => {
    const words = ['-m', 'yarn-cluster', '-yn', '1', '-ytm', '1024', '-ynm', 'perjob'];
    const run = await client.run('run', ...words, program, ...IO, 'hdfs:///tmp/attached');
    expect(run.code, run.err).to.equal(0);
    expect(await client.endOf(run.applicationId)).to.include({ name: 'perjob', state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    expect(await linesOf(files, 'hdfs:///tmp/attached')).to.deep.equal(COUNTS);
  });

  it('ends with its job when the client has long gone', async () => {
    const run = await client.run('run', '-m', 'yarn-cluster', '-yd', '-yn', '1', program, ...IO, 'hdfs:///tmp/detached', '--delay', '1500');
    expect(run.code, run.err).to.equal(0);
    expect((await client.resourceManager.report(run.applicationId)).state).to.equal('RUNNING');
    expect(await files.exists('hdfs:///tmp/detached')).to.equal(false);
    expect(run.out).to.match(/Job has been submitted with JobID [0-9a-f]{32}/);
    expect(await client.endOf(run.applicationId)).to.include({
      name: 'Flink Application: word-count.ts',
      state: 'FINISHED',
      finalStatus: 'SUCCEEDED',
    });
    expect(await linesOf(files, 'hdfs:///tmp/detached')).to.deep.equal(COUNTS);
  });

  it('has failed when its job has', async () => {
    const run = await client.run('run', '-m', 'yarn-cluster', '-yn', '1', program, ...IO, 'hdfs:///tmp/failed', '--fail', 'yes');
    expect(run.code).to.equal(1);
    expect(run.err).to.match(/^Error: this line is too much\n {2}at word-count\.ts:\d+/);
    expect(await client.endOf(run.applicationId)).to.include({ state: 'FINISHED', finalStatus: 'FAILED' });
  });

  for (const detached of [false, true]) {
    it(`has failed when its ApplicationMaster is killed, whatever attempts are left: ${detached ? 'detached' : 'attached'}`, async () => {
      const words = ['-m', 'yarn-cluster', '-yn', '1', '-yD', 'yarn.application-attempts=2', ...(detached ? ['-yd'] : [])];
      const out = `hdfs:///tmp/lost-${String(detached)}`;
      const run = client.start('run', ...words, program, ...IO, out, '--delay', '20000');
      await run.writes('Job has been submitted with JobID');
      if (detached) expect(await run.end(), run.err).to.equal(0);
      else await run.writes('Job execution switched to status RUNNING.');
      await killMaster(run.applicationId, 1);
      if (!detached) {
        expect(await run.end()).to.equal(1);
        expect(run.err).to.match(/^lost the JobManager at \S+ while job [0-9a-f]{32} was running: /);
      }
      const { state, finalStatus, diagnostics } = await client.endOf(run.applicationId);
      expect(state, diagnostics).to.be.oneOf(detached ? ['FINISHED'] : ['FINISHED', 'KILLED']);
      expect(finalStatus).to.be.oneOf(detached ? ['FAILED'] : ['FAILED', 'KILLED']);
      if (detached) expect(diagnostics).to.match(/lost with the JobManager before this one, .*: "Word Count"/);
      expect(await files.exists(out)).to.equal(false);
    });
  }

  it('gets slots for the parallelism that is asked for', async () => {
    const run = await client.run('run', '-m', 'yarn-cluster', '-yn', '1', '-p', '3', program, ...IO, 'hdfs:///tmp/parallel');
    expect(run.code, run.err).to.equal(0);
    expect(run.out).to.include('The YARN cluster has 1 slots available, but the user requested a parallelism of 3 on YARN.');
    await client.endOf(run.applicationId);
  });

  it('runs main in the cluster, in application mode', async () => {
    const run = await client.run('run', '-t', 'yarn-application', program, ...IO, 'hdfs:///tmp/application');
    expect(run.code, run.err).to.equal(0);
    expect(await client.endOf(run.applicationId)).to.include({ state: 'FINISHED', finalStatus: 'SUCCEEDED' });
    expect(await linesOf(files, 'hdfs:///tmp/application')).to.deep.equal(COUNTS);
  });

  it('has failed when main has, with what it threw in the diagnostics', async () => {
    const broken = client.program('broken.ts', "throw new Error('main is broken');");
    const run = await client.run('run-application', '-t', 'yarn-application', broken);
    expect(run.code, run.err).to.equal(0);
    const report = await client.endOf(run.applicationId);
    expect(report).to.include({ state: 'FINISHED', finalStatus: 'FAILED' });
    expect(report.diagnostics).to.include('main is broken');
  });
});
