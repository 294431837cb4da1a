import { expect } from 'chai';
import { splitFiles } from '../../../api/sources/file-split.js';
import { SplitAssigner } from '../../../api/sources/split-assigner.js';
import { withHosts } from '../../../api/sources/split-hosts.js';
import { joinPath } from '#core';
import { emptyDirectory, hdfsOf } from './hdfs-under-test.js';
import { sharedHdfs, START_MS } from './shared-hdfs.js';

const MEGABYTE = 1024 * 1024;

describe('blocks of HDFS', function () {
  this.timeout(START_MS);

  it('tell which machines hold a split', async () => {
    const { files, root } = await emptyDirectory(hdfsOf(await sharedHdfs()));
    const path = joinPath(root, 'file');
    const written = await files.create(path, { overwrite: false, blockSizeBytes: MEGABYTE, replication: 2 });
    await written.write(Buffer.alloc(2.5 * MEGABYTE, 'line\n'));
    await written.close();
    const locations = await files.blockLocations!(path);
    expect(locations.map(({ offsetBytes, lengthBytes }) => [offsetBytes, lengthBytes])).to.deep.equal([
      [0, MEGABYTE],
      [MEGABYTE, MEGABYTE],
      [2 * MEGABYTE, MEGABYTE / 2],
    ]);
    for (const { hosts } of locations) expect(hosts).to.include('127.0.0.1');
    const status = await files.status(path);
    const splits = await withHosts(splitFiles([status], 2), [status], files);
    const assigner = new SplitAssigner(splits, ['127.0.0.1', 'elsewhere']);
    expect(splits).to.have.length(3);
    expect(['127.0.0.1', 'elsewhere', '127.0.0.1'].map((host) => assigner.next(host)?.startByte)).to.deep.equal([
      0,
      2 * MEGABYTE,
      MEGABYTE,
    ]);
  });

  it('are none of a file that is not there', async () => {
    const { files, root } = await emptyDirectory(hdfsOf(await sharedHdfs()));
    const gone = await files.blockLocations!(joinPath(root, 'gone')).catch((error: unknown) => error);
    expect(gone).to.have.property('code', 'FILE_NOT_FOUND');
  });
});
