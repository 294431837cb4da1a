import { testFileSystem, testRecoverableWriter, type FileSystemUnderTest } from '../../support/file-system-contract.js';
import { emptyDirectory, hdfsOf } from './hdfs-under-test.js';
import { sharedHdfs, START_MS } from './shared-hdfs.js';

describe('HdfsFileSystem', function () {
  this.timeout(60_000);
  let current: FileSystemUnderTest;

  before(async function () {
    this.timeout(START_MS);
    await sharedHdfs();
  });
  beforeEach(async () => {
    current = await emptyDirectory(hdfsOf(await sharedHdfs()));
  });

  testFileSystem(() => current);
  testRecoverableWriter(() => current);
});
