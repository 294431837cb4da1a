import { LocalFileSystem, toFileUri } from '#core';
import { testRecoverableWriter } from '../../support/file-system-contract.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('LocalRecoverableWriter', () => {
  const directory = useTempDirectory();
  const files = new LocalFileSystem();
  testRecoverableWriter(() => ({ files, root: toFileUri(directory.path) }));
});
