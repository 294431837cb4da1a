import { expect } from 'chai';
import { join } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from './command-line.js';
import { linesIn } from './lines-in.js';
import { ONE_ENDS } from './programs.js';
import { RunningJob } from './running-job.js';

const RATE = 2000;
const RECORDS = 16_000;

describe('a job of which some tasks have finished', function () {
  this.timeout(120_000);
  const directory = useTempDirectory();

  it('goes on from a checkpoint without them, and counts what they had left', async () => {
    const settings = { 'taskmanager.numberOfTaskSlots': '2', 'state.checkpoints.dir': `file://${directory.path}/checkpoints` };
    const cluster = await Installation.create(directory.path, settings, 2);
    const out = join(directory.path, 'out');
    await cluster.run('start-cluster.sh');
    try {
      const program = cluster.program('one-ends.ts', ONE_ENDS);
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, '-p', '2', program, out, String(RECORDS), String(RATE));
      const job = await RunningJob.of(cluster);
      await job.until((vertices) => vertices.some(({ name, status }) => name.includes('few') && status === 'FINISHED'));
      await job.checkpointed(2);
      for (const index of [0, 1]) {
        process.kill(cluster.pids('taskmanager')[index]!, 'SIGKILL');
        await cluster.run('taskmanager.sh', 'start');
        await job.allRun();
      }
      const finished = await client.finished;
      expect(finished.code, finished.err).to.equal(0);
      expect(finished.out).to.include('- few (number): 1000\n');
    } finally {
      await cluster.run('stop-cluster.sh');
    }
    const few = Array.from({ length: 1000 }, (_, index) => `few ${index + 1}`);
    const many = Array.from({ length: RECORDS }, (_, index) => `many ${index}`);
    expect(linesIn(join(out, 'few')).sort()).to.deep.equal([...few].sort());
    expect(linesIn(join(out, 'all')).sort()).to.deep.equal([...few, ...many].sort());
    expect(linesIn(join(out, 'plain')).sort()).to.deep.equal([...many].sort());
  });
});
