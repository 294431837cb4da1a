import { expect } from 'chai';
import type { JobId } from '#core';
import type { JobState } from '#runtime';
import type { ClusterClient, StartedJob } from '#session';
import { JobProgress } from '../../cli/job-progress.js';

const JOB_ID = 'b'.repeat(32) as JobId;

function startedJob(states: readonly JobState[], notices: readonly string[] = []): StartedJob {
  const left = [...states];
  const told = [...notices];
  const client: Partial<ClusterClient> = {
    address: 'host:1',
    jobState: () => Promise.resolve(left.shift() ?? 'FINISHED'),
    job: () =>
      Promise.resolve({
        jobId: JOB_ID,
        name: 'job',
        state: 'CREATED',
        startMs: 0,
        endMs: -1,
        tasks: { running: 0, finished: 0, total: 2 },
        notice: told.shift(),
      }),
  };
  return { jobId: JOB_ID, name: 'job', client: client as ClusterClient };
}

describe('cli/job-progress', () => {
  const lines: string[] = [];
  const terminal = { print: (line: string) => void lines.push(line), printError: (line: string) => void lines.push(line), columns: 100 };
  beforeEach(() => {
    lines.length = 0;
  });

  it('tells changes of state, then the end and the accumulators', async () => {
    const progress = new JobProgress({ terminal, quiet: false, detached: false, follow: true });
    const job = startedJob(['CREATED', 'RUNNING', 'FINISHED']);
    progress.jobSubmitted(job);
    progress.jobFinished(job, { jobId: JOB_ID, netRuntimeMs: 12.4, accumulators: { lines: 3, words: new Map([['a', 1]]) } });
    await progress.told();
    expect(lines.map((line) => line.replace(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d\t/, '@ '))).to.deep.equal([
      `Job has been submitted with JobID ${JOB_ID}`,
      '@ Job execution switched to status CREATED.',
      '@ Job execution switched to status RUNNING.',
      '@ Job execution switched to status FINISHED.',
      'Program execution finished',
      `Job with JobID ${JOB_ID} has finished.`,
      'Job Runtime: 12 ms',
      'Accumulator Results: ',
      '- lines (number): 3',
      '- words (Map): {"a":1}',
    ]);
  });

  it('says nothing at all when it is told to be quiet, but the id of a detached job', async () => {
    const progress = new JobProgress({ terminal, quiet: true, detached: false, follow: true });
    const job = startedJob(['RUNNING']);
    progress.jobSubmitted(job);
    progress.jobFinished(job, { jobId: JOB_ID, netRuntimeMs: 1, accumulators: { lines: 3 } });
    await progress.told();
    expect(lines).to.deep.equal([]);
    new JobProgress({ terminal, quiet: true, detached: true, follow: false }).jobSubmitted(job);
    expect(lines).to.deep.equal([`Job has been submitted with JobID ${JOB_ID}`]);
  });

  it('tells at once what a job waits for, and again only what is new', async () => {
    const notices = ['waiting for 2', 'waiting for 2', 'waiting for 1'];
    const progress = new JobProgress({ terminal, quiet: false, detached: false, follow: true });
    progress.jobSubmitted(startedJob(['CREATED', 'CREATED', 'CREATED', 'CREATED', 'FINISHED'], notices));
    await progress.told();
    expect(lines.slice(1).map((line) => line.split('\t')[1])).to.deep.equal([
      'Job execution switched to status CREATED.',
      'waiting for 2',
      'waiting for 1',
      'Job execution switched to status FINISHED.',
    ]);
  });

  it('says what becomes of jobs that an interrupted client leaves', () => {
    const progress = new JobProgress({ terminal, quiet: true, detached: true, follow: false });
    progress.jobSubmitted(startedJob(['RUNNING']));
    progress.interrupted(true);
    expect(lines[1]).to.equal(`Job ${JOB_ID} keeps running on host:1; end it with "flink-ts cancel -m host:1 ${JOB_ID}".`);
    progress.interrupted(false);
    expect(lines[2]).to.equal(`Job ${JOB_ID} is cancelled.`);
  });
});
