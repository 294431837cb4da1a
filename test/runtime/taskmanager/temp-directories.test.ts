import { expect } from 'chai';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTempDirectories } from '../../../runtime/taskmanager/temp-directories.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('checkTempDirectories', () => {
  const temp = useTempDirectory();
  const check = (...directories: string[]): Promise<unknown> =>
    checkTempDirectories(directories, 'taskmanager.tmp.dirs').then(
      () => undefined,
      (error: unknown) => error,
    );

  it('takes directories that can be written to, also the same one twice', async () => {
    expect(await check(temp.path, temp.path)).to.be.undefined;
  });

  it('names the directory and the key that are wrong', async () => {
    const missing = join(temp.path, 'missing');
    expect(await check(temp.path, missing)).to.have.property(
      'message',
      `temporary directory "${missing}", named by "taskmanager.tmp.dirs", does not exist`,
    );
    const file = join(temp.path, 'file');
    writeFileSync(file, '');
    expect(await check(file))
      .to.have.property('message')
      .that.includes('is not a directory');
  });

  it('notices a directory that this user may not write to', async () => {
    const closed = join(temp.path, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const error = await check(closed);
    // The superuser may write anywhere.
    if (process.getuid?.() === 0) expect(error).to.be.undefined;
    else expect(error).to.have.property('message').that.includes('cannot be written to');
  });
});
