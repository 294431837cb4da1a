import type { BlockCache } from './block-cache.js';
import { type FoundValue, Lookup, type SortedFile } from './sorted-file.js';

/** Sorted files that follow each other without overlapping: together they are one long sorted file. */
export class Run {
  readonly sizeBytes: number;
  readonly entries: number;

  constructor(readonly files: readonly SortedFile[]) {
    this.sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    this.entries = files.reduce((sum, file) => sum + file.entries, 0);
  }

  /** As {@link SortedFile.get}. */
  get(hash: number, key: Uint8Array, from: number, to: number, cache: BlockCache, found: FoundValue): Lookup {
    return this.fileOf(key, from, to)?.get(hash, key, from, to, cache, found) ?? Lookup.missing;
  }

  /** The only file in which the key can be. */
  fileOf(key: Uint8Array, from: number, to: number): SortedFile | undefined {
    const { files } = this;
    if (files.length === 1) return files[0];
    return files[this.indexOf(key, from, to)];
  }

  /** The index of the first file whose last key is not before the key. */
  indexOf(key: Uint8Array, from: number, to: number): number {
    let low = 0;
    let high = this.files.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.files[middle]!.compareLastKey(key, from, to) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  retain(): this {
    for (const file of this.files) file.retain();
    return this;
  }

  release(): void {
    for (const file of this.files) file.release();
  }
}
