import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { fileSystems, toFileUri } from '#core';
import { LeaderFileError } from '../../../../session/yarn/leader/errors.js';
import { readLeaderFile, writeLeaderFile } from '../../../../session/yarn/leader/leader-file.js';
import { rejection } from '../../../support/rejection.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('leader file', () => {
  const directory = useTempDirectory();

  it('tells of the attempt that wrote it last', async () => {
    const staging = toFileUri(directory.path);
    for (const attempt of [1, 2]) await writeLeaderFile(fileSystems, staging, { attempt, host: 'node', controlPort: 1, restPort: 2 });
    expect(await readLeaderFile(fileSystems, staging)).to.deep.equal({ attempt: 2, host: 'node', controlPort: 1, restPort: 2 });
  });

  it('is not believed when it says something else', async () => {
    for (const text of ['', '{"attempt":1', '{"attempt":"x","host":"a","controlPort":1,"restPort":2}', '[]']) {
      writeFileSync(`${directory.path}/leader.json`, text);
      expect(await rejection(readLeaderFile(fileSystems, toFileUri(directory.path)))).to.be.instanceOf(LeaderFileError);
    }
  });
});
