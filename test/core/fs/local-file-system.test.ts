import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import {
  FileExistsError,
  FileNotFoundError,
  FileSystemError,
  FileSystems,
  joinPath,
  LocalFileSystem,
  toFileUri,
  UnknownFileSystemError,
} from '#core';

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error,
  );
}

describe('LocalFileSystem', () => {
  const files = new LocalFileSystem();
  let local: string;
  let root: string;

  beforeEach(async () => {
    local = await mkdtemp(join(tmpdir(), 'flink-ts-fs-'));
    root = toFileUri(local);
  });
  afterEach(() => rm(local, { recursive: true, force: true }));

  async function put(name: string, text: string, overwrite = false): Promise<string> {
    const path = joinPath(root, name);
    const file = await files.create(path, { overwrite });
    await file.write(Buffer.from(text));
    await file.close();
    return path;
  }

  const textOf = async (path: string, position?: number): Promise<string> => (await buffer(files.stream(path, position))).toString();

  it('writes, reads, appends', async () => {
    const path = await put('a/b/file name%20.txt', 'hello');
    expect(await textOf(path)).to.equal('hello');
    expect(await textOf(path, 3)).to.equal('lo');
    const more = await files.append(path);
    expect(more.positionBytes).to.equal(5);
    await more.write(Buffer.from(' world'));
    await more.sync();
    expect(more.positionBytes).to.equal(11);
    await more.close();
    const file = await files.open(path);
    const target = Buffer.alloc(20, '.');
    expect(file.sizeBytes).to.equal(11);
    expect(await file.read(target, 2, 5, 6)).to.equal(5);
    expect(target.toString('latin1', 0, 8)).to.equal('..world.');
    expect(await file.read(target, 0, 5, 11)).to.equal(0);
    await file.close();
  });

  it('streams files of any size', async () => {
    const path = joinPath(root, 'big');
    const bytes = Buffer.alloc(1_000_003, 'abcdefg');
    await writeFile(join(local, 'big'), bytes);
    expect((await buffer(files.stream(path, 10))).equals(bytes.subarray(10))).to.equal(true);
  });

  it('replaces only when told to', async () => {
    const path = await put('out', 'one');
    const error = await errorOf(put('out', 'two'));
    expect(error).to.be.instanceOf(FileExistsError);
    expect((error as Error).message).to.equal(
      'File or directory already exists. Existing files and directories are not overwritten in NO_OVERWRITE mode. ' +
        'Use OVERWRITE mode to overwrite existing files and directories.',
    );
    await put('out', 'two', true);
    expect(await textOf(path)).to.equal('two');
  });

  it('renames files and directories, over others only when told to', async () => {
    const one = await put('one', '1');
    const two = await put('two', '2');
    expect(await errorOf(files.rename(one, two))).to.be.instanceOf(FileExistsError);
    expect(await textOf(two)).to.equal('2');
    await files.rename(one, two, { overwrite: true });
    expect(await textOf(two)).to.equal('1');
    expect(await files.exists(one)).to.equal(false);
    await files.rename(two, joinPath(root, 'three'));
    await put('dir/x', 'x');
    await put('full/y', 'y');
    await files.rename(joinPath(root, 'dir'), joinPath(root, 'moved'));
    expect(await textOf(joinPath(root, 'moved/x'))).to.equal('x');
    expect(await errorOf(files.rename(joinPath(root, 'moved'), joinPath(root, 'full')))).to.be.instanceOf(FileExistsError);
    expect(await errorOf(files.rename(one, two))).to.be.instanceOf(FileNotFoundError);
  });

  it('lists and describes', async () => {
    await put('b', '22');
    await put('a/x', '1');
    await symlink(join(local, 'nowhere'), join(local, 'broken'));
    const list = await files.list(root);
    expect(list.map(({ path, directory, sizeBytes }) => ({ path, directory, sizeBytes }))).to.deep.equal([
      { path: joinPath(root, 'a'), directory: true, sizeBytes: 0 },
      { path: joinPath(root, 'b'), directory: false, sizeBytes: 2 },
    ]);
    expect(list[1]!.modifiedMs).to.be.greaterThan(1.6e12);
    expect((await files.list(joinPath(root, 'b'))).map((status) => status.path)).to.deep.equal([joinPath(root, 'b')]);
    expect(await files.home()).to.match(/^file:\/\/\//);
  });

  it('deletes', async () => {
    const path = await put('dir/x', 'x');
    const directory = joinPath(root, 'dir');
    const error = await errorOf(files.delete(directory));
    expect(error).to.be.instanceOf(FileSystemError);
    expect((error as Error).message).to.equal(`could not delete "${directory}": the directory is not empty`);
    expect(await files.delete(path)).to.equal(true);
    expect(await files.delete(path)).to.equal(false);
    await files.makeDirectories(joinPath(directory, 'deep/er'));
    expect(await files.delete(directory, { recursive: true })).to.equal(true);
    expect(await files.exists(directory)).to.equal(false);
  });

  it('says what is not there, and where', async () => {
    const path = joinPath(root, 'missing');
    for (const attempt of [files.open(path), files.status(path), files.list(path), files.append(path), buffer(files.stream(path))]) {
      const error = await errorOf(attempt);
      expect(error).to.be.instanceOf(FileNotFoundError);
      expect((error as Error).message).to.equal(`file or directory "${path}" does not exist`);
    }
    expect(await errorOf(files.open(root))).to.be.instanceOf(FileSystemError);
    expect(await errorOf(buffer(files.stream(root)))).to.be.instanceOf(FileSystemError);
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
