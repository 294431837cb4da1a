import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { FileExistsError, FileNotFoundError, FileSystemError, joinPath, LostFileError, type FileSystem } from '#core';

/** A file system under test, and a directory of it that exists and is empty. */
export interface FileSystemUnderTest {
  readonly files: FileSystem;
  readonly root: string;
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error,
  );
}

/** Writes a file in one go; answers its path. */
export async function putFile(
  { files, root }: FileSystemUnderTest,
  name: string,
  content: string | Buffer,
  overwrite = false,
): Promise<string> {
  const path = joinPath(root, name);
  const file = await files.create(path, { overwrite });
  await file.write(Buffer.from(content));
  await file.close();
  return path;
}

export async function textOf(files: FileSystem, path: string, position?: number): Promise<string> {
  return (await buffer(files.stream(path, position))).toString();
}

/** What every file system promises. Defines tests; `current` gives what each test has. */
export function testFileSystem(current: () => FileSystemUnderTest): void {
  const put = (name: string, text: string, overwrite?: boolean): Promise<string> => putFile(current(), name, text, overwrite);

  it('writes, reads, appends', async () => {
    const { files } = current();
    const path = await put('a/b/file name%20+ä;?#&=.txt', 'hello');
    expect(await textOf(files, path)).to.equal('hello');
    expect(await textOf(files, path, 3)).to.equal('lo');
    const more = await files.append(path);
    expect(more.positionBytes).to.equal(5);
    await more.write(Buffer.from(' world'));
    await more.sync();
    expect(more.positionBytes).to.equal(11);
    expect((await files.status(path)).sizeBytes).to.equal(11);
    await more.write(Buffer.from('!'));
    await more.close();
    const file = await files.open(path);
    const target = Buffer.alloc(20, '.');
    expect(file.sizeBytes).to.equal(12);
    expect(await file.read(target, 2, 5, 6)).to.equal(5);
    expect(target.toString('latin1', 0, 8)).to.equal('..world.');
    expect(await file.read(target, 0, 5, 12)).to.equal(0);
    await file.close();
  });

  it('keeps empty files, and reads of them nothing', async () => {
    const { files } = current();
    const path = await put('empty', '');
    expect(await textOf(files, path)).to.equal('');
    const file = await files.open(path);
    expect(await file.read(Buffer.alloc(1), 0, 1, 0)).to.equal(0);
    await file.close();
  });

  it('reads big files as a stream, and at any position, side by side', async () => {
    const { files } = current();
    const bytes = Buffer.alloc(3_000_003, 'abcdefg');
    const path = await putFile(current(), 'big', bytes);
    expect((await buffer(files.stream(path, 10))).equals(bytes.subarray(10))).to.equal(true);
    const file = await files.open(path);
    const read = async (position: number, length: number): Promise<void> => {
      const target = Buffer.alloc(length);
      const count = await file.read(target, 0, length, position);
      expect(count).to.equal(Math.min(length, bytes.length - position));
      expect(target.subarray(0, count).equals(bytes.subarray(position, position + count))).to.equal(true);
    };
    for (let position = 0; position < 1_500_000; position += 100_000) await read(position, 100_000);
    for (const position of [1_600_000, 5, 2_900_000, 2_900_010, 0, 2_999_999]) await read(position, 150_000);
    await Promise.all([7, 1_000_000, 2_000_000, 999_999].map((position) => read(position, 300_000)));
    await file.close();
  });

  it('writes in pieces of any size', async () => {
    const { files, root } = current();
    const path = joinPath(root, 'pieces');
    const file = await files.create(path, { overwrite: true });
    const piece = Buffer.alloc(300_000);
    let expected = '';
    for (const size of [1, 100_000, 3, 300_000, 65_537, 0, 40_000, 40_000, 40_000, 40_000]) {
      const letter = String.fromCharCode(97 + (size % 26));
      await file.write(piece.fill(letter).subarray(0, size)); // filled anew each time: what was written must be out, or copied
      expected += letter.repeat(size);
    }
    expect(file.positionBytes).to.equal(expected.length);
    await file.close();
    expect((await textOf(files, path)) === expected).to.equal(true);
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
    expect(await textOf(current().files, path)).to.equal('two');
  });

  it('renames files and directories, over others only when told to', async () => {
    const { files, root } = current();
    const one = await put('one', '1');
    const two = await put('two', '2');
    expect(await errorOf(files.rename(one, two))).to.be.instanceOf(FileExistsError);
    expect(await textOf(files, two)).to.equal('2');
    await files.rename(one, two, { overwrite: true });
    expect(await textOf(files, two)).to.equal('1');
    expect(await files.exists(one)).to.equal(false);
    await files.rename(two, joinPath(root, 'three'));
    await put('dir/x', 'x');
    await put('full/y', 'y');
    await files.rename(joinPath(root, 'dir'), joinPath(root, 'moved'));
    expect(await textOf(files, joinPath(root, 'moved/x'))).to.equal('x');
    expect(await errorOf(files.rename(joinPath(root, 'moved'), joinPath(root, 'full')))).to.be.instanceOf(FileExistsError);
    const over = { overwrite: true };
    expect(await errorOf(files.rename(joinPath(root, 'moved'), joinPath(root, 'full'), over))).to.be.instanceOf(FileExistsError);
    expect(await errorOf(files.rename(one, two))).to.be.instanceOf(FileNotFoundError);
  });

  it('lists and describes', async () => {
    const { files, root } = current();
    await put('b', '22');
    await put('a/x', '1');
    const list = await files.list(root);
    expect(list.map(({ path, directory, sizeBytes }) => ({ path, directory, sizeBytes }))).to.deep.equal([
      { path: joinPath(root, 'a'), directory: true, sizeBytes: 0 },
      { path: joinPath(root, 'b'), directory: false, sizeBytes: 2 },
    ]);
    expect(list[1]!.modifiedMs).to.be.greaterThan(1.6e12);
    expect((await files.list(joinPath(root, 'b'))).map((status) => status.path)).to.deep.equal([joinPath(root, 'b')]);
    expect(await files.home()).to.match(new RegExp(`^${files.scheme}://.*/`));
  });

  it('deletes', async () => {
    const { files, root } = current();
    const path = await put('dir/x', 'x');
    const directory = joinPath(root, 'dir');
    const error = await errorOf(files.delete(directory));
    expect(error).to.be.instanceOf(FileSystemError);
    expect((error as Error).message).to.equal(`could not delete "${directory}": the directory is not empty`);
    expect(await files.delete(path)).to.equal(true);
    expect(await files.delete(path)).to.equal(false);
    await files.makeDirectories(joinPath(directory, 'deep/er'));
    await files.makeDirectories(joinPath(directory, 'deep/er'));
    await files.syncDirectory(directory);
    expect(await files.delete(directory, { recursive: true })).to.equal(true);
    expect(await files.exists(directory)).to.equal(false);
    expect(await files.delete(directory, { recursive: true })).to.equal(false);
  });

  it('says what is not there, and where', async () => {
    const { files, root } = current();
    const path = joinPath(root, 'missing');
    const attempts = [
      () => files.open(path),
      () => files.status(path),
      () => files.list(path),
      () => files.append(path),
      () => buffer(files.stream(path)),
    ];
    for (const attempt of attempts) {
      const error = await errorOf(attempt());
      expect(error).to.be.instanceOf(FileNotFoundError);
      expect((error as Error).message).to.equal(`file or directory "${path}" does not exist`);
    }
    expect(await errorOf(files.open(root))).to.be.instanceOf(FileSystemError);
    expect(await errorOf(buffer(files.stream(root)))).to.be.instanceOf(FileSystemError);
  });
}

/** What every recoverable writer promises. */
export function testRecoverableWriter(current: () => FileSystemUnderTest): void {
  const paths = (): [string, string] => [joinPath(current().root, 'deep/file'), joinPath(current().root, 'deep/.file.inprogress')];

  it('shows a file when it is committed, and not before; as often as one likes', async () => {
    const { files } = current();
    const writer = files.recoverableWriter!();
    const [target, temporary] = paths();
    const file = await writer.open(target, temporary);
    await file.write(Buffer.from('abc'));
    const pending = await file.closeForCommit();
    expect(pending.sizeBytes).to.equal(3);
    expect(await files.exists(target)).to.equal(false);
    await writer.commit(pending);
    await writer.commit(pending);
    expect(await textOf(files, target)).to.equal('abc');
    expect(await files.exists(temporary)).to.equal(false);
  });

  it('lets several commit the same file at once: an attempt that was given up may still live', async () => {
    const { files, root } = current();
    const writer = files.recoverableWriter!();
    for (let number = 0; number < 20; number++) {
      const file = await writer.open(joinPath(root, `file-${number}`), joinPath(root, `.file-${number}.inprogress`));
      await file.write(Buffer.from('abc'));
      const pending = await file.closeForCommit();
      await Promise.all(Array.from({ length: 4 }, () => writer.commit(pending)));
      expect(await textOf(files, pending.target)).to.equal('abc');
    }
  });

  it('goes on where it was persisted, as often as one likes', async () => {
    const { files } = current();
    const writer = files.recoverableWriter!();
    const [target, temporary] = paths();
    const first = await writer.open(target, temporary);
    await first.write(Buffer.from('abc'));
    const position = await first.persist();
    expect(await first.persist()).to.deep.equal(position);
    await first.write(Buffer.from('lost'));
    await first.close();
    for (const more of ['d', 'e']) {
      const again = await writer.recover(position);
      expect(again.positionBytes).to.equal(3);
      await again.write(Buffer.from(more));
      if (more === 'd') await again.close();
      else await writer.commit(await again.closeForCommit());
    }
    expect(await textOf(files, target)).to.equal('abce');
  });

  it('begins anew at nothing, and commits files without a byte', async () => {
    const { files } = current();
    const writer = files.recoverableWriter!();
    const [target, temporary] = paths();
    const first = await writer.open(target, temporary);
    const position = await first.persist();
    await first.write(Buffer.from('lost'));
    await first.close();
    const again = await writer.recover(position);
    await writer.commit(await again.closeForCommit());
    expect(await textOf(files, target)).to.equal('');
  });

  it('says when a file is gone or too short, and never replaces another', async () => {
    const { files, root } = current();
    const writer = files.recoverableWriter!();
    const [target, temporary] = paths();
    const file = await writer.open(target, temporary);
    await file.write(Buffer.from('abc'));
    const position = await file.persist();
    const pending = await file.closeForCommit();
    expect(await errorOf(writer.open(target, temporary))).to.be.instanceOf(FileExistsError);
    await putFile(current(), 'deep/file', 'another');
    expect(await errorOf(writer.commit(pending))).to.be.instanceOf(FileExistsError);
    await putFile(current(), 'deep/.file.inprogress', 'ab', true);
    expect(await errorOf(writer.recover(position)))
      .to.be.instanceOf(LostFileError)
      .with.property('foundBytes', 2);
    expect(await errorOf(writer.commit({ ...pending, target: joinPath(root, 'deep/other') }))).to.be.instanceOf(LostFileError);
    expect(await errorOf(writer.recover({ ...position, temporary: joinPath(root, 'deep/.gone') })))
      .to.be.instanceOf(LostFileError)
      .with.property('foundBytes', undefined);
  });
}
