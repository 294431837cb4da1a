import { closeSync, openSync, readSync, unlink, writeSync } from 'node:fs';

/** The operations on files that the store needs; all are synchronous and throw what the platform throws. */
export interface StoreFiles {
  /** Makes a file to be written and read. Throws when there is one. */
  create(path: string): number;
  open(path: string): number;
  /** Writes all bytes from `from` to below `to` at the end. */
  append(fd: number, bytes: Uint8Array, from: number, to: number): void;
  /** How many bytes were read; fewer than asked for only at the end of the file. */
  read(fd: number, target: Uint8Array, at: number, length: number, position: number): number;
  close(fd: number): void;
  /** Need not have happened when it returns; never throws. */
  remove(path: string): void;
}

/** Files of the local file system. */
export const localStoreFiles: StoreFiles = {
  create: (path) => openSync(path, 'wx+', 0o600),
  open: (path) => openSync(path, 'r'),
  append(fd, bytes, from, to) {
    for (let at = from; at < to;) at += writeSync(fd, bytes, at, to - at);
  },
  read(fd, target, at, length, position) {
    let count = readSync(fd, target, at, length, position);
    while (count < length) {
      const more = readSync(fd, target, at + count, length - count, position + count);
      if (more === 0) break;
      count += more;
    }
    return count;
  },
  close: closeSync,
  remove(path) {
    // In the background, as it takes ms. What remains goes with the directory.
    unlink(path, () => undefined);
  },
};
