import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { until } from '../../support/until.js';
import { Installation, isRunning } from './command-line.js';
import { ENDLESS, FAILING, HELLO } from './programs.js';

interface Overview {
  readonly taskmanagers: number;
  readonly 'slots-available': number;
}

describe('a standalone cluster with two TaskManager processes', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();

  // Inside, so that what it leaves is looked at before the directory is removed.
  describe('', () => {
    let cluster: Installation;
    let pids: readonly number[];

    beforeEach(async () => {
      cluster = await Installation.create(directory.path, { 'taskmanager.numberOfTaskSlots': '2' }, 2);
      const started = await cluster.run('start-cluster.sh');
      expect(started, started.err).to.include({ code: 0, err: '' });
      pids = [...cluster.pids('jobmanager'), ...cluster.pids('taskmanager')];
      await cluster.restUntil<Overview>('/overview', (overview) => overview['slots-available'] === 4);
    });
    afterEach(async () => {
      await cluster.run('stop-cluster.sh');
      expect(pids.filter(isRunning)).to.deep.equal([]);
      expect(readdirSync(join(directory.path, 'pid'))).to.deep.equal([]);
    });

    const runningJob = async (): Promise<string> => {
      const { jobs } = await cluster.restUntil<{ jobs: { id: string; status: string }[] }>('/jobs', ({ jobs: all }) =>
        all.some(({ status }) => status === 'RUNNING'),
      );
      return jobs.find(({ status }) => status === 'RUNNING')?.id ?? '';
    };

    it('runs a program over both processes, and stops without leaving anything', async () => {
      const program = cluster.program('hello.ts', HELLO);
      const { code, out, err } = await cluster.flink('run', '-m', cluster.address, '-p', '4', program);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(out).to.match(/^Job has been submitted with JobID [0-9a-f]{32}\n/);
      expect(out).to.match(/Job execution switched to status FINISHED\.\nProgram execution finished\n/);
      expect(out).to.match(/Job with JobID [0-9a-f]{32} has finished\.\nJob Runtime: \d+ ms\n$/);
      const printed = [0, 1].map((number) => cluster.log('taskmanager', number, hostname(), 'out')).join('');
      const words = printed.match(/\(\w+,\d\)/g) ?? [];
      expect(words.toSorted()).to.deep.equal(['(be,1)', '(be,2)', '(not,1)', '(or,1)', '(to,1)', '(to,2)']);
      const stopped = await cluster.run('stop-cluster.sh');
      expect(stopped.out.match(/Stopping (task|job)manager daemon \(pid: \d+\)/g)).to.have.lengthOf(3);
      const again = await cluster.run('stop-cluster.sh');
      expect(again.out).to.include('No taskmanager daemon to stop on host').and.include('No jobmanager daemon to stop on host');
      expect(readdirSync(join(directory.path, 'tmp'))).to.deep.equal([]);
    });

    it('lists a detached job and cancels it', async () => {
      const submitted = await cluster.flink('run', '-d', '-m', cluster.address, cluster.program('endless.ts', ENDLESS));
      const jobId = /JobID ([0-9a-f]{32})/.exec(submitted.out)?.[1] ?? '';
      expect(submitted).to.include({ code: 0, out: `Job has been submitted with JobID ${jobId}\n`, err: '' });
      await runningJob();
      // No address is given: a cluster on this machine, at the port of the configuration, is found.
      expect((await cluster.flink('list')).out).to.include(` : ${jobId} : endless (RUNNING)\n`);
      expect(await cluster.flink('cancel', '-m', cluster.address, jobId)).to.include({
        code: 0,
        out: `Cancelling job ${jobId}.\nCancelled job ${jobId}.\n`,
      });
      await cluster.restUntil<{ status: string }>(`/jobs/${jobId}/status`, ({ status }) => status === 'CANCELED');
      await cluster.restUntil<Overview>('/overview', (overview) => overview['slots-available'] === 4);
    });

    it('shows an error of the program with its line, and fails the command', async () => {
      const { code, err } = await cluster.flink('run', '-m', cluster.address, '-p', '2', cluster.program('failing.ts', FAILING));
      expect(code).to.equal(1);
      const lines = err.trim().split('\n');
      expect(lines[0]).to.equal('RangeError: value 2 is out of range');
      expect(lines[1]).to.match(/^ {2}at failing\.ts:10:\d+, operator ".*" \(\d\/2\), job [0-9a-f]{32}$/);
      expect(lines).to.have.lengthOf(3);
    });

    it('leaves the job running when the attached client is interrupted', async () => {
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, cluster.program('endless.ts', ENDLESS));
      await client.wrote('switched to status RUNNING');
      client.child.kill('SIGINT');
      const { code, err } = await client.finished;
      const jobId = await runningJob();
      expect(code).to.equal(130);
      expect(err).to.include(`Job ${jobId} keeps running`);
    });

    it('tells the client within 10 s when a TaskManager is killed', async () => {
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, '-p', '4', cluster.program('endless.ts', ENDLESS));
      await client.wrote('switched to status RUNNING');
      const killedAt = performance.now();
      process.kill(pids[2] ?? 0, 'SIGKILL');
      const { code, err } = await client.finished;
      expect(performance.now() - killedAt).to.be.lessThan(10_000);
      expect(code).to.equal(1);
      expect(err).to.match(/^TaskManager "[^"]+" was lost: /);
      await cluster.restUntil<Overview>('/overview', (overview) => overview.taskmanagers === 1 && overview['slots-available'] === 2);
    });

    it('tells the client within 10 s when the JobManager does not answer any more', async () => {
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, cluster.program('endless.ts', ENDLESS));
      await client.wrote('switched to status RUNNING');
      const stoppedAt = performance.now();
      process.kill(pids[0] ?? 0, 'SIGSTOP');
      try {
        const { code, err } = await client.finished;
        expect(performance.now() - stoppedAt).to.be.lessThan(10_000);
        expect(code).to.equal(1);
        expect(err).to.include('lost the JobManager').and.include('no answer within');
      } finally {
        process.kill(pids[0] ?? 0, 'SIGCONT');
      }
    });

    it('tells the client within 10 s when the JobManager is killed, and TaskManagers come to the next one', async () => {
      const client = cluster.start('flink-ts', 'run', '-m', cluster.address, '-p', '4', cluster.program('endless.ts', ENDLESS));
      await client.wrote('switched to status RUNNING');
      const killedAt = performance.now();
      process.kill(pids[0] ?? 0, 'SIGKILL');
      const { code, err } = await client.finished;
      expect(performance.now() - killedAt).to.be.lessThan(10_000);
      expect(code).to.equal(1);
      expect(err).to.match(new RegExp(`^lost the JobManager at ${cluster.address} while job [0-9a-f]{32} was running: `));
      await until(() => !isRunning(pids[0] ?? 0));
      const restarted = await cluster.run('jobmanager.sh', 'start');
      expect(restarted.code, restarted.err).to.equal(0);
      pids = [...pids, ...cluster.pids('jobmanager')];
      await cluster.restUntil<Overview>('/overview', (overview) => overview.taskmanagers === 2 && overview['slots-available'] === 4);
      await cluster.run('jobmanager.sh', 'stop-all');
    });
  });
});
