import { expect } from 'chai';
import { type BlockLocation, type FileStatus, FileSystemError, type FileSystem, LocalFileSystem } from '#core';
import { splitFiles } from '../../../api/sources/file-split.js';
import { withHosts } from '../../../api/sources/split-hosts.js';

const MEGABYTE = 1024 * 1024;

function file(path: string, sizeBytes: number): FileStatus {
  return { path, directory: false, sizeBytes, modifiedMs: 0, blockSizeBytes: MEGABYTE };
}

function knowing(tell: (path: string) => Promise<readonly BlockLocation[]>): FileSystem {
  const files: FileSystem = new LocalFileSystem();
  return Object.assign(files, { blockLocations: tell });
}

describe('api/sources/split-hosts', () => {
  const files = [file('x:///a', 3 * MEGABYTE), file('x:///b', MEGABYTE / 2)];

  it('asks once a file, and names who holds at least half of a split, the best first', async () => {
    const asked: string[] = [];
    const block = (index: number, ...hosts: string[]): BlockLocation => ({ offsetBytes: index * MEGABYTE, lengthBytes: MEGABYTE, hosts });
    const fileSystem = knowing((path) => {
      asked.push(path);
      return Promise.resolve(path === 'x:///a' ? [block(0, 'one', 'two'), block(1, 'two'), block(2, 'three')] : [block(0, 'four')]);
    });
    const splits = await withHosts(splitFiles(files, 1), files, fileSystem);
    expect(asked).to.deep.equal(['x:///a', 'x:///b']);
    expect(splits.map(({ hosts }) => hosts)).to.deep.equal([['one', 'two'], ['two'], ['three'], ['four']]);
    const whole = splitFiles([file('x:///a.gz', 3 * MEGABYTE)], 1);
    const [compressed] = await withHosts(
      whole,
      [file('x:///a.gz', 3 * MEGABYTE)],
      knowing(() => fileSystem.blockLocations!('x:///a')),
    );
    expect(compressed?.hosts).to.deep.equal(['two']);
  });

  it('goes without where nobody knows, or the question is refused', async () => {
    const splits = splitFiles(files, 1);
    expect(await withHosts(splits, files, new LocalFileSystem())).to.equal(splits);
    const refusing = knowing((path) => Promise.reject(new FileSystemError(path, 'find the blocks of', 'unknown operation')));
    expect(await withHosts(splits, files, refusing)).to.deep.equal(splits);
  });
});
