import { testFileSystem, testRecoverableWriter, type FileSystemUnderTest } from '../../support/file-system-contract.js';
import { Testbed } from '../../testbed/testbed.js';
import { emptyDirectory, hdfsOf } from './hdfs-under-test.js';

describe('HdfsFileSystem', function () {
  let testbed: Testbed;
  let current: FileSystemUnderTest;

  before(async function () {
    this.timeout(240_000);
    testbed = await Testbed.start({ hdfs: { dataNodes: 1 } });
  });
  after(() => testbed.stop());
  beforeEach(async () => {
    current = await emptyDirectory(hdfsOf(testbed));
  });

  testFileSystem(() => current);
  testRecoverableWriter(() => current);
});
