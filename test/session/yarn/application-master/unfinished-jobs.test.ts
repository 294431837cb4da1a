import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { fileSystems, newJobId, silentLogger, toFileUri } from '#core';
import { describeLostJobs, UnfinishedJobs } from '../../../../session/yarn/application-master/unfinished-jobs.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('UnfinishedJobs', () => {
  const directory = useTempDirectory();
  const read = (): ReturnType<typeof UnfinishedJobs.read> => UnfinishedJobs.read(fileSystems, toFileUri(directory.path));

  it('tells the next attempt which jobs had not ended', async () => {
    expect(await read()).to.deep.equal([]);
    const jobs = new UnfinishedJobs(fileSystems, toFileUri(directory.path), silentLogger);
    const [first, second] = [newJobId(), newJobId()];
    jobs.accepted({ jobId: first, name: 'a' });
    jobs.accepted({ jobId: second, name: 'b' });
    jobs.ended(first);
    await jobs.settled();
    expect(await read()).to.deep.equal([{ jobId: second, name: 'b' }]);
    expect(describeLostJobs(await read())).to.match(/^lost with the attempt .*: "b" \([0-9a-f]{32}\)$/);
    jobs.ended(second);
    await jobs.settled();
    expect(describeLostJobs(await read())).to.equal(undefined);
  });

  it('takes half a file for none', async () => {
    writeFileSync(`${directory.path}/jobs.json`, '[{"jobId":');
    expect(await read()).to.deep.equal([]);
  });
});
