import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { type Finished, Installation } from './command-line.js';
import { linesIn } from './lines-in.js';
import { EXACTLY_ONCE } from './programs.js';
import { RunningJob } from './running-job.js';

/** Slow, so that the job is stopped in its middle; what is left is read fast. */
const RATE = 300;
const FAST = 1_000_000;
const RECORDS = 15_000;

/** Two TaskManager processes, and a job with windows, keyed state and files that are written exactly once. */
describe('a job that is stopped with a savepoint', function () {
  this.timeout(180_000);
  const directory = useTempDirectory();
  let cluster: Installation;
  let out: string;
  let savepoints: string;

  const withCluster = async (work: () => Promise<void>): Promise<void> => {
    const settings = { 'taskmanager.numberOfTaskSlots': '2', 'state.checkpoints.dir': `file://${directory.path}/checkpoints` };
    cluster = await Installation.create(directory.path, settings, 2);
    out = join(directory.path, 'out');
    savepoints = join(directory.path, 'savepoints');
    await cluster.run('start-cluster.sh');
    await work().finally(() => cluster.run('stop-cluster.sh'));
  };

  const start = async (rate: number, ...options: string[]): Promise<Finished> => {
    const program = cluster.program('exactly-once.ts', EXACTLY_ONCE);
    return await cluster.flink('run', ...options, '-m', cluster.address, '-p', '2', program, out, String(RECORDS), String(rate));
  };
  /** Starts the job, waits until it is in its middle, and stops it; answers its id and the path of the savepoint. */
  const stopped = async (first: string, ...options: string[]): Promise<string> => {
    await start(RATE, '-d');
    const job = await RunningJob.of(cluster);
    await job.allRun();
    await job.checkpointed(3);
    const { code, out: text, err } = await cluster.flink('stop', ...options, '-m', cluster.address, job.jobId);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    const [, path = ''] = /Savepoint completed\. Path: file:\/\/(\S+)\n$/.exec(text) ?? [];
    expect(text).to.equal(`${first} job "${job.jobId}" with a CANONICAL savepoint.\nSavepoint completed. Path: file://${path}\n`);
    expect(await cluster.rest(`/jobs/${job.jobId}`)).to.include({ state: 'FINISHED' });
    return path;
  };
  const numbers = (): readonly number[] => linesIn(join(out, 'numbers')).map((line) => Number(line.split(' ')[2]));
  const countedInWindows = (): number => linesIn(join(out, 'windows')).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

  it('to go on later loses nothing and doubles nothing', async () => {
    await withCluster(async () => {
      const path = await stopped('Suspending', '-p', 'savepoints');
      expect(path.startsWith(savepoints)).to.equal(true);
      const before = numbers();
      expect(before.length).to.be.lessThan(RECORDS);
      expect(countedInWindows()).to.be.at.most(before.length);
      const { code, err } = await start(FAST, '-s', path);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect([...numbers()].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: RECORDS }, (_, number) => number));
      expect(countedInWindows()).to.equal(RECORDS);
    });
  });

  it('for good has its windows fire and its files committed', async () => {
    await withCluster(async () => {
      const path = await stopped('Draining', '-d', '-p', savepoints);
      expect(existsSync(join(path, '_metadata'))).to.equal(true);
      const written = numbers();
      expect(written.length).to.be.within(1, RECORDS - 1);
      expect(new Set(written).size).to.equal(written.length);
      expect(countedInWindows()).to.equal(written.length);
    });
  });
});
