import { expect } from 'chai';
import { FileSystemError, FlinkError, joinPath } from '#core';
import { HdfsPermissionError, HdfsQuotaError, HdfsSafeModeError, HdfsUnreachableError } from '#connectors';
import { HadoopConfiguration } from '#conf';
import { connectTo } from '../../../connectors/hdfs/hdfs-connection.js';
import { HdfsFileSystem } from '../../../connectors/hdfs/hdfs-file-system.js';
import { putFile, textOf } from '../../support/file-system-contract.js';
import { rejection } from '../../support/rejection.js';
import { hdfsAs } from './hdfs-under-test.js';
import { failOver, useSharedHdfs } from './shared-hdfs.js';

const MEGABYTE = 1024 * 1024;

describe('HDFS in trouble', function () {
  this.timeout(180_000);
  const hdfs = useSharedHdfs();

  it('fails over in the middle of a file that is written, and of one that is read', async () => {
    const { files, root } = hdfs;
    const bytes = Buffer.alloc(40 * MEGABYTE, 'abcdefg');
    const old = await putFile(hdfs, 'old', bytes);
    const file = await files.create(joinPath(root, 'new'), { overwrite: false });
    const reading = await files.open(old);
    const target = Buffer.alloc(bytes.length);
    await file.write(bytes.subarray(0, MEGABYTE));
    await reading.read(target, 0, MEGABYTE, 0);
    await failOver(hdfs.testbed);
    await reading.read(target, MEGABYTE, 30 * MEGABYTE, MEGABYTE);
    await file.write(bytes.subarray(MEGABYTE, 20 * MEGABYTE));
    await file.sync();
    await file.write(bytes.subarray(20 * MEGABYTE));
    await file.close();
    await reading.read(target, 31 * MEGABYTE, 9 * MEGABYTE, 31 * MEGABYTE);
    expect(target.equals(bytes)).to.equal(true);
    expect((await textOf(files, joinPath(root, 'new'))) === bytes.toString()).to.equal(true);
  });

  it('waits while no NameNode is active', async () => {
    const { files, root } = hdfs;
    const active = (await hdfs.testbed.nameNodeState(1)) === 'active' ? 1 : 2;
    await hdfs.testbed.nameNode(active).kill();
    const status = files.status(root);
    await hdfs.testbed.makeActive(active === 1 ? 2 : 1);
    expect((await status).directory).to.equal(true);
    hdfs.testbed.nameNode(active).start();
    await hdfs.testbed.ready();
  });

  it('reads on from another DataNode', async () => {
    const bytes = Buffer.alloc(20 * MEGABYTE, 'xyz');
    const path = await putFile(hdfs, 'file', bytes);
    const file = await hdfs.files.open(path);
    const target = Buffer.alloc(bytes.length);
    await file.read(target, 0, MEGABYTE, 0);
    await hdfs.testbed.dataNode(1).kill();
    try {
      for (let done = MEGABYTE; done < bytes.length; done += MEGABYTE) await file.read(target, done, MEGABYTE, done);
      expect(target.equals(bytes)).to.equal(true);
      expect((await textOf(hdfs.files, path)).length).to.equal(bytes.length);
    } finally {
      hdfs.testbed.dataNode(1).start();
      await hdfs.testbed.ready();
    }
  });

  for (const number of [1, 2]) {
    it(`goes on with a file whose DataNode ${number} was lost in mid-write, at what was persisted`, async () => {
      const { files, root } = hdfs;
      const writer = files.recoverableWriter!();
      const [target, temporary] = [joinPath(root, 'file'), joinPath(root, '.file.inprogress')];
      const file = await writer.open(target, temporary);
      await file.write(Buffer.from('kept '));
      const position = await file.persist();
      await file.write(Buffer.alloc(MEGABYTE, 'lost'));
      await hdfs.testbed.dataNode(number).kill();
      try {
        const write = async (): Promise<void> => {
          await file.write(Buffer.alloc(MEGABYTE, 'lost'));
          await file.persist();
        };
        const error = await rejection(write()); // when the other one has the connection, HDFS helps itself
        if (error !== undefined) expect(error).to.be.instanceOf(FileSystemError).with.property('retriable', true);
        await file.close();
        const again = await writer.recover(position);
        await again.write(Buffer.from('and more'));
        await writer.commit(await again.closeForCommit());
        expect(await textOf(files, target)).to.equal('kept and more');
      } finally {
        hdfs.testbed.dataNode(number).start();
        await hdfs.testbed.ready();
      }
    });
  }

  it('says in one error what is not allowed', async () => {
    const { root } = hdfs;
    const bob = hdfsAs(hdfs.testbed, 'bob');
    const path = joinPath(root, 'of bob');
    const refused = [
      await rejection(bob.makeDirectories(path)),
      await rejection(bob.delete(root, { recursive: true })),
      await rejection(putFile({ files: bob, root }, 'of bob', 'x')),
    ];
    for (const error of refused) {
      expect(error).to.be.instanceOf(HdfsPermissionError);
      expect((error as Error).message).to.match(/: permission denied: (sticky bit: )?user=bob, /);
    }
  });

  it('says that a directory is full', async () => {
    const { files, root } = hdfs;
    await hdfs.testbed.dfsAdmin('setQuota', '2', root.replace('hdfs://', ''));
    await files.makeDirectories(joinPath(root, 'one'));
    const errors = [await rejection(files.makeDirectories(joinPath(root, 'two'))), await rejection(putFile(hdfs, 'two', 'x'))];
    for (const error of errors) expect(error).to.be.instanceOf(HdfsQuotaError);
  });

  it('says that HDFS is read-only', async () => {
    await hdfs.testbed.dfsAdmin('safemode', 'enter');
    try {
      const startedAt = performance.now();
      const { files, root } = hdfs;
      for (const work of [() => files.makeDirectories(joinPath(root, 'a')), () => putFile(hdfs, 'b', 'x'), () => files.delete(root)]) {
        const error = await rejection(work());
        expect(error).to.be.instanceOf(HdfsSafeModeError);
        expect((error as Error).message).to.match(/: the NameNode is in safe mode, in which HDFS is read-only$/);
      }
      expect(performance.now() - startedAt).to.be.lessThan(5000);
    } finally {
      await hdfs.testbed.dfsAdmin('safemode', 'leave');
    }
  });

  it('says within five seconds that nobody is there, or that a host is unknown', async () => {
    const elsewhere = (authority: string): HdfsFileSystem =>
      new HdfsFileSystem(() => Promise.resolve(connectTo(new HadoopConfiguration([]), authority)));
    const startedAt = performance.now();
    const refused = await rejection(elsewhere('127.0.0.1:8020').status('hdfs://127.0.0.1:8020/x'));
    expect(performance.now() - startedAt).to.be.lessThan(5500);
    expect(refused).to.be.instanceOf(HdfsUnreachableError);
    expect((refused as Error).message).to.match(/: NameNode 127\.0\.0\.1:9870: connection refused$/);
    const unknown = await rejection(elsewhere('no-such-host.invalid').status('hdfs://no-such-host.invalid/x'));
    expect(unknown).to.be.instanceOf(FlinkError);
  });
});
