import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DamagedStateFileError, StateFileWriteError } from '../../../../runtime/state/lsm/errors.js';
import { SortedFile } from '../../../../runtime/state/lsm/sorted-file.js';
import { removeOrphanedStateDirectories, removeStateDirectories, StateDirectory } from '../../../../runtime/state/lsm/state-directory.js';
import { localStoreFiles, type StoreFiles } from '../../../../runtime/state/lsm/store-files.js';
import { get, put, StoreBench } from './store-bench.js';

/** A store with one file of a thousand entries. */
function storeWithFile(bench: StoreBench) {
  const store = bench.open(1024 * 1024);
  for (let i = 0; i < 1000; i++) put(store, Buffer.from(`key ${i}`), Buffer.from(`value ${i}`));
  const snapshot = store.snapshot();
  while (!snapshot.written) store.workOnFlush(10_000);
  return { store, file: snapshot.runs[0]!.files[0]! };
}

/** A file system on a disk with room for so many bytes. */
function smallDisk(bytes: number): StoreFiles {
  let left = bytes;
  return {
    ...localStoreFiles,
    append(fd, source, from, to) {
      left -= to - from;
      if (left < 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      localStoreFiles.append(fd, source, from, to);
    },
  };
}

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

describe('files of the LSM store', () => {
  it('say in which file and for which key a damaged block was met', () => {
    const bench = new StoreBench();
    const { store, file } = storeWithFile(bench);
    flipByte(file.path, 100);
    expect(() => get(store, Buffer.from('key 0')))
      .to.throw(DamagedStateFileError)
      .with.property('message')
      .that.matches(/state file ".*1\.segment" is damaged at byte 0: the check sum of a block is wrong, found with key 6b65792030/);
    bench.remove();
  });

  it('are not opened when their index or their end is damaged, or when they are cut off', () => {
    const bench = new StoreBench();
    const { path, sizeBytes } = storeWithFile(bench).file;
    const whole = readFileSync(path);
    for (const at of [sizeBytes - 1, sizeBytes - 100]) {
      flipByte(path, at);
      expect(() => SortedFile.open(localStoreFiles, 'x', path)).to.throw(DamagedStateFileError, 'is damaged');
      writeFileSync(path, whole);
    }
    for (const length of [0, 10, sizeBytes - 7]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(() => SortedFile.open(localStoreFiles, 'x', path)).to.throw(DamagedStateFileError, 'is damaged');
    }
    bench.remove();
  });

  it('cannot be written on a full disk: the error names the file and the option', () => {
    const bench = new StoreBench(smallDisk(50_000));
    const store = bench.open();
    const fill = () => {
      for (let i = 0; i < 5000; i++) put(store, Buffer.from(`key ${i}`), Buffer.alloc(100, i));
    };
    expect(fill)
      .to.throw(StateFileWriteError, /the disk is full: state file ".*\.segment" cannot be written/)
      .with.property('action')
      .that.includes('state.backend.rocksdb.checkpointdir');
    bench.remove();
  });
});

describe('directories of state', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lsm-directories-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('are removed when their process was killed, and stay while it lives or when it ran elsewhere', async () => {
    const [left, elsewhere] = [new StateDirectory([directory], '1-1'), new StateDirectory([directory], '1-2')];
    const own = new StateDirectory([directory], '2-1');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(left.path, '.owner'), JSON.stringify({ host: hostname(), pid }));
    writeFileSync(join(elsewhere.path, '.owner'), JSON.stringify({ host: 'elsewhere', pid }));
    await removeOrphanedStateDirectories([directory, join(directory, 'missing')]);
    expect(readdirSync(directory)).to.have.length(2);
    expect(existsSync(own.path) && existsSync(elsewhere.path)).to.equal(true);
  });

  it('of a slot are removed when its thread has ended', async () => {
    const [ended, other] = [new StateDirectory([directory], '7-1'), new StateDirectory([directory], '7-11')];
    await removeStateDirectories([directory], '7-1');
    expect(existsSync(ended.path)).to.equal(false);
    expect(existsSync(other.path)).to.equal(true);
  });

  it('that cannot be made are an error that names the path and the option', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => new StateDirectory([file], '1-1'))
      .to.throw(StateFileWriteError, file)
      .with.property('action')
      .that.includes('state.backend.rocksdb.checkpointdir');
  });
});
