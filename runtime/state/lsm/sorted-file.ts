import { fstatSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { BlockCache } from './block-cache.js';
import { BlockReader } from './block.js';
import { BlockTable } from './block-table.js';
import { BloomFilter } from './bloom-filter.js';
import { DamagedStateFileError, StateFileReadError } from './errors.js';
import { compareBytes } from './key-bytes.js';
import { FOOTER_BYTES, type Footer, readFooter } from './sorted-file-format.js';
import type { StoreFiles } from './store-files.js';

export interface SortedFileParts {
  /** Unique for ever. */
  readonly id: string;
  readonly path: string;
  readonly fd: number;
  readonly sizeBytes: number;
  readonly footer: Footer;
  readonly filter: Int32Array;
  /** As it stands in the file. */
  readonly index: Buffer;
}

/** Where a value was found. Valid until the next operation on the store. */
export class FoundValue {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
}

/** What is known of a key in one place. */
export const Lookup = { missing: 0, found: 1, deleted: 2 } as const;
export type Lookup = (typeof Lookup)[keyof typeof Lookup];

const block = new BlockReader();
let nextNumber = 1;

/**
 * A sorted file, open for reading; filter and index are in memory. Whoever needs the file retains it: it is closed and removed when nobody
 * does.
 */
export class SortedFile {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly entries: number;
  readonly deletions: number;
  readonly blocks: number;
  readonly largeEntries: boolean;
  /** Tells the files of this process apart. */
  readonly number = nextNumber++;
  readonly #fd: number;
  /** One of the two. */
  readonly #filter: BloomFilter | undefined;
  readonly #table: BlockTable | undefined;
  /** Where each block begins, and where the last one ends. */
  readonly #positions: Uint32Array;
  readonly #filterBytes: number;
  readonly #index: Buffer;
  /** Where the first key of each block, and then the last key of the file, begin and end in the index. */
  readonly #keyStarts: Uint32Array;
  readonly #keyEnds: Uint32Array;
  #uses = 1;

  constructor(
    private readonly files: StoreFiles,
    parts: SortedFileParts,
  ) {
    const { footer } = parts;
    this.id = parts.id;
    this.path = parts.path;
    this.sizeBytes = parts.sizeBytes;
    this.entries = footer.entries;
    this.deletions = footer.deletions;
    this.blocks = footer.blocks;
    this.largeEntries = footer.hashed;
    this.#fd = parts.fd;
    this.#filter = footer.hashed ? undefined : new BloomFilter(parts.filter);
    this.#table = footer.hashed ? new BlockTable(parts.filter) : undefined;
    this.#filterBytes = parts.filter.byteLength;
    this.#index = parts.index;
    this.#positions = new Uint32Array(footer.blocks + 1);
    this.#keyStarts = new Uint32Array(footer.blocks + 1);
    this.#keyEnds = new Uint32Array(footer.blocks + 1);
    this.#readIndex(footer);
  }

  /** Opens a file that was written before. Throws `StateFileReadError`, `DamagedStateFileError`. */
  static open(files: StoreFiles, id: string, path: string): SortedFile {
    let fd: number;
    let sizeBytes: number;
    try {
      fd = files.open(path);
      sizeBytes = fstatSync(fd).size;
    } catch (error) {
      throw new StateFileReadError(path, error);
    }
    try {
      return new SortedFile(files, { id, path, fd, sizeBytes, ...readTail(files, fd, path, sizeBytes) });
    } catch (error) {
      files.close(fd);
      throw error;
    }
  }

  /** Bytes of filter and index. */
  get memoryBytes(): number {
    return this.#filterBytes + this.#index.length + 12 * this.#positions.length;
  }

  /** False when the key, or the group, of that hash is certainly not here. */
  mayContain(hash: number): boolean {
    return this.#filter?.mayContain(hash) ?? this.#table!.first(hash) >= 0;
  }

  /** Below 0, 0 or above 0, as the last key is before the given one, the same, or behind it. */
  compareLastKey(key: Uint8Array, from: number, to: number): number {
    return this.#compareIndexKey(this.blocks, key, from, to);
  }

  /** As {@link compareLastKey}, of the first key. */
  compareFirstKey(key: Uint8Array, from: number, to: number): number {
    return this.#compareIndexKey(0, key, from, to);
  }

  /** Looks a key up; `found` then says where the value is. Throws `StateFileReadError`, `DamagedStateFileError`. */
  get(hash: number, key: Uint8Array, from: number, to: number, cache: BlockCache, found: FoundValue): Lookup {
    const table = this.#table;
    if (table !== undefined) {
      for (let place = table.first(hash); place >= 0; place = table.next(hash, place)) {
        const lookup = this.#getIn(table.blockAt(place), key, from, to, cache, found);
        if (lookup !== Lookup.missing) return lookup;
      }
      return Lookup.missing;
    }
    if (!this.#filter!.mayContain(hash)) return Lookup.missing;
    const number = this.blockOf(key, from, to);
    return number < 0 ? Lookup.missing : this.#getIn(number, key, from, to, cache, found);
  }

  #getIn(number: number, key: Uint8Array, from: number, to: number, cache: BlockCache, found: FoundValue): Lookup {
    const at = cache.load(this, number);
    if (at < 0) throw this.#damaged(number, Buffer.from(key.subarray(from, to)).toString('hex'));
    block.attach(cache.bytes, at, this.blockLength(number));
    const index = block.seek(key, from, to);
    if (index === block.count || compareBytes(block.bytes, block.keyStart, block.keyEnd, key, from, to) !== 0) return Lookup.missing;
    if (block.deleted) return Lookup.deleted;
    found.bytes = block.bytes;
    found.start = block.valueStart;
    found.end = block.valueEnd;
    return Lookup.found;
  }

  /** The block in which the key would be; -1 when it is before the first key. */
  blockOf(key: Uint8Array, from: number, to: number): number {
    let low = 0;
    let high = this.blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compareIndexKey(middle, key, from, to) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  blockLength(number: number): number {
    return this.#positions[number + 1]! - this.#positions[number]!;
  }

  blockPosition(number: number): number {
    return this.#positions[number]!;
  }

  /** Reads one block or several that follow each other; the caller checks them. Throws `StateFileReadError`. */
  readBlocks(first: number, afterLast: number, target: Uint8Array, at: number): void {
    const position = this.#positions[first]!;
    this.readBytes(target, at, this.#positions[afterLast]! - position, position);
  }

  /** Reads bytes as they stand in the file. Throws `StateFileReadError`. */
  readBytes(target: Uint8Array, at: number, length: number, position: number): void {
    readAll(this.files, this.#fd, this.path, target, at, length, position);
  }

  /** The error for a block whose check sum is wrong. */
  damagedBlock(number: number): DamagedStateFileError {
    return this.#damaged(number);
  }

  retain(): this {
    this.#uses++;
    return this;
  }

  /** The last release closes and removes the file. */
  release(): void {
    if (--this.#uses > 0) return;
    this.files.close(this.#fd);
    this.files.remove(this.path);
  }

  #damaged(number: number, key?: string): DamagedStateFileError {
    return new DamagedStateFileError(this.path, this.#positions[number]!, 'the check sum of a block is wrong', key);
  }

  #compareIndexKey(number: number, key: Uint8Array, from: number, to: number): number {
    return compareBytes(this.#index, this.#keyStarts[number]!, this.#keyEnds[number]!, key, from, to);
  }

  #readIndex(footer: Footer): void {
    const index = this.#index;
    let at = 0;
    for (let i = 0; i <= footer.blocks; i++) {
      this.#positions[i] = i < footer.blocks ? index.readUInt32LE(at) : footer.filterAt;
      if (i < footer.blocks) at += 4;
      let length = 0;
      let byte = 128;
      for (let shift = 0; byte > 127; shift += 7) length |= ((byte = index[at++]!) & 127) << shift;
      this.#keyStarts[i] = at;
      this.#keyEnds[i] = at += length;
    }
  }
}

/** Whether the bytes of a block are those that were written. */
export function blockIsWhole(bytes: Buffer, at: number, length: number): boolean {
  const end = at + length - 4;
  return length >= 6 && crc32(bytes.subarray(at, end)) === bytes.readUInt32LE(end);
}

function readTail(files: StoreFiles, fd: number, path: string, sizeBytes: number): Pick<SortedFileParts, 'footer' | 'filter' | 'index'> {
  if (sizeBytes < FOOTER_BYTES) throw new DamagedStateFileError(path, sizeBytes, 'it is too short');
  const footerAt = sizeBytes - FOOTER_BYTES;
  const last = Buffer.allocUnsafe(FOOTER_BYTES);
  readAll(files, fd, path, last, 0, FOOTER_BYTES, footerAt);
  const footer = readFooter(last, 0);
  if (footer === undefined || footer.filterAt > footer.indexAt || footer.indexAt > footerAt) {
    throw new DamagedStateFileError(path, footerAt, 'its last bytes are not those of a state file');
  }
  const tail = Buffer.allocUnsafeSlow(footerAt - footer.filterAt);
  readAll(files, fd, path, tail, 0, tail.length, footer.filterAt);
  if (crc32(tail) !== footer.crc) throw new DamagedStateFileError(path, footer.filterAt, 'the check sum of its index is wrong');
  const filterBytes = footer.indexAt - footer.filterAt;
  return { footer, filter: new Int32Array(tail.buffer.slice(0, filterBytes)), index: Buffer.from(tail.subarray(filterBytes)) };
}

function readAll(files: StoreFiles, fd: number, path: string, target: Uint8Array, at: number, length: number, position: number): void {
  let count: number;
  try {
    count = files.read(fd, target, at, length, position);
  } catch (error) {
    throw new StateFileReadError(path, error);
  }
  if (count < length) throw new DamagedStateFileError(path, position + count, `${length - count} bytes are missing`);
}
