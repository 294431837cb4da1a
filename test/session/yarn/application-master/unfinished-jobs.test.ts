import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { fileSystems, newJobId, silentLogger, toFileUri } from '#core';
import { describeLostJobs, JobLostError, type LostJob } from '#runtime';
import { UnfinishedJobs } from '../../../../session/yarn/application-master/unfinished-jobs.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('UnfinishedJobs', () => {
  const directory = useTempDirectory();
  const read = (): ReturnType<typeof UnfinishedJobs.read> => UnfinishedJobs.read(fileSystems, toFileUri(directory.path));

  const attempt = (lost: readonly LostJob[]): UnfinishedJobs =>
    new UnfinishedJobs(fileSystems, toFileUri(directory.path), silentLogger, lost);

  it('tells the next attempt which jobs had not ended', async () => {
    expect(await read()).to.deep.equal([]);
    const jobs = attempt([]);
    const [first, second] = [newJobId(), newJobId()];
    jobs.accepted({ jobId: first, name: 'a' });
    jobs.accepted({ jobId: second, name: 'b' });
    jobs.ended(first);
    await jobs.settled();
    expect(await read()).to.deep.equal([{ jobId: second, name: 'b' }]);
    expect(describeLostJobs(await read())).to.match(/^lost with the JobManager before .*: "b" \([0-9a-f]{32}\)$/);
    jobs.ended(second);
    await jobs.settled();
    expect(describeLostJobs(await read())).to.equal(undefined);
  });

  it('tells a third attempt also of those that the first had lost', async () => {
    const [first, second] = [newJobId(), newJobId()];
    const jobs = attempt([{ jobId: first, name: 'a' }]);
    jobs.accepted({ jobId: second, name: 'b' });
    await jobs.settled();
    expect((await read()).map(({ jobId }) => jobId)).to.deep.equal([first, second]);
    expect(new JobLostError(jobs.lost[0]!).message).to.match(/^job "a" \([0-9a-f]{32}\) was lost with the JobManager before this one/);
  });

  it('takes half a file for none', async () => {
    writeFileSync(`${directory.path}/jobs.json`, '[{"jobId":');
    expect(await read()).to.deep.equal([]);
  });
});
