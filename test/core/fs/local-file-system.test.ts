import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileSystems, joinPath, LocalFileSystem, toFileUri, UnknownFileSystemError } from '#core';
import { putFile, testFileSystem } from '../../support/file-system-contract.js';

describe('LocalFileSystem', () => {
  const files = new LocalFileSystem();
  let local: string;
  let root: string;

  beforeEach(async () => {
    local = await mkdtemp(join(tmpdir(), 'flink-ts-fs-'));
    root = toFileUri(local);
  });
  afterEach(() => rm(local, { recursive: true, force: true }));

  testFileSystem(() => ({ files, root }));

  it('leaves out of a list what leads nowhere', async () => {
    await putFile({ files, root }, 'a', '1');
    await symlink(join(local, 'nowhere'), join(local, 'broken'));
    expect((await files.list(root)).map(({ path }) => path)).to.deep.equal([joinPath(root, 'a')]);
  });
});

describe('FileSystems', () => {
  it('complete paths and find their file system', () => {
    const systems = new FileSystems();
    const hdfs = new LocalFileSystem();
    const authorities: string[] = [];
    systems.registerFileSystem('hdfs', (authority) => {
      authorities.push(authority);
      return hdfs;
    });
    const inHdfs = { defaultScheme: 'hdfs://nn:9000/', workingDirectory: '/somewhere/u' };
    expect(systems.resolve('/user/in.txt', inHdfs)).to.deep.equal({ path: 'hdfs://nn:9000/user/in.txt', fileSystem: hdfs });
    expect(systems.resolve('in.txt', inHdfs).path).to.equal('hdfs://nn:9000/in.txt');
    expect(systems.resolve('hdfs:///x', inHdfs).path).to.equal('hdfs://nn:9000/x');
    expect(systems.resolve('file:///x', inHdfs).fileSystem.scheme).to.equal('file');
    expect(systems.resolve('in.txt', { workingDirectory: '/somewhere/u' }).path).to.equal('file:///somewhere/u/in.txt');
    expect(systems.resolve('/x').fileSystem).to.equal(systems.resolve('file:/y').fileSystem);
    expect(systems.resolve('hdfs://other/x').path).to.equal('hdfs://other/x');
    expect(authorities).to.deep.equal(['nn:9000', 'other']);
  });

  it('name what is known when a scheme is not', () => {
    expect(() => new FileSystems().resolve('s3://bucket/x')).to.throw(
      UnknownFileSystemError,
      'no file system is known for scheme "s3" of "s3://bucket/x"; known are "file"',
    );
  });
});
