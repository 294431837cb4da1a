import { crc32 } from 'node:zlib';
import { BlockTable } from './block-table.js';
import { BloomFilter } from './bloom-filter.js';
import { StateFileWriteError } from './errors.js';
import { copyBytes, type GroupLength, hashBytes } from './key-bytes.js';
import {
  BLOCK_BYTES,
  BLOCK_TRAILER_BYTES,
  FEW_ENTRIES,
  FOOTER_BYTES,
  type Footer,
  LARGE_ENTRIES_BLOCK_BYTES,
  VARINT_BYTES,
  writeFooter,
  writeVarint,
} from './sorted-file-format.js';
import { SortedFile, type SortedFileParts } from './sorted-file.js';
import type { StoreFiles } from './store-files.js';

/** Written at once: a tenth of a ms. */
const OUTPUT_BYTES = 256 * 1024;
/** Positions in a file are 32 bits wide. */
const LARGEST_FILE = 2 ** 31;

/** Writes one sorted file. Entries come in ascending order of their keys. After an error, or when it is given up, call `abort`. */
export class SortedFileWriter {
  readonly #fd: number;
  #output = Buffer.allocUnsafeSlow(OUTPUT_BYTES + 2 * BLOCK_BYTES);
  /** Bytes in the output, and bytes written to the file before them. */
  #length = 0;
  #written = 0;
  /** Of the block at work: where it begins in the output, and where its entries do within it. */
  #blockStart = 0;
  readonly #places = new Uint16Array(BLOCK_BYTES);
  #inBlock = 0;
  readonly #filter: BloomFilter | BlockTable;
  /** Keys and groups in the filter. */
  #hashes = 0;
  /** The index as it will be written, position and first key of each block. */
  #index = Buffer.allocUnsafeSlow(4096);
  #indexLength = 0;
  #blocks = 0;
  #entries = 0;
  #deletions = 0;
  #lastKey = Buffer.alloc(0);
  #lastKeyLength = 0;
  /** Hash of the group that was added last. */
  #lastGroup: number | undefined;

  /**
   * @param mostHashes entries and groups for which there is room in the filter.
   * @param largeEntries the filter is a table of blocks. Throws `StateFileWriteError`.
   */
  constructor(
    private readonly files: StoreFiles,
    readonly id: string,
    readonly path: string,
    private readonly mostHashes: number,
    private readonly largeEntries: boolean,
    private readonly groupLength: GroupLength,
  ) {
    this.#filter = largeEntries ? BlockTable.forKeys(mostHashes + 1) : BloomFilter.forKeys(mostHashes);
    this.#fd = this.#attempt(() => files.create(path));
  }

  get sizeBytes(): number {
    return this.#written + this.#length;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Whether it takes no more: the filter is full, or positions are at their end. */
  get full(): boolean {
    return this.#hashes >= this.mostHashes || this.sizeBytes >= LARGEST_FILE;
  }

  /** Adds an entry; `valueFrom` is -1 when the key is deleted. */
  add(hash: number, key: Uint8Array, from: number, to: number, value: Uint8Array, valueFrom: number, valueTo: number): void {
    const deleted = valueFrom < 0;
    const valueLength = deleted ? 0 : valueTo - valueFrom;
    const most = 2 * VARINT_BYTES + to - from + valueLength;
    if (this.#inBlock > 0 && this.#blockBytes() + most + 2 > BLOCK_BYTES) this.#endBlock();
    if (this.#inBlock === 0) this.#beginBlock(key, from, to);
    this.#reserve(most + BLOCK_BYTES);
    const output = this.#output;
    this.#places[this.#inBlock++] = this.#length - this.#blockStart;
    const keyAt = writeVarint(output, writeVarint(output, this.#length, to - from), deleted ? 0 : valueLength + 1);
    copyBytes(key, from, to, output, keyAt);
    this.#length = keyAt + to - from + valueLength;
    if (!deleted) copyBytes(value, valueFrom, valueTo, output, keyAt + to - from);
    else this.#deletions++;
    this.#entries++;
    this.#addHash(hash);
    this.#addGroup(key, from, to);
    this.#keepLastKey(key, from, to);
    if (this.#inBlock <= FEW_ENTRIES && this.#length - this.#blockStart >= LARGE_ENTRIES_BLOCK_BYTES) this.#endBlock();
  }

  #addHash(hash: number): void {
    this.#filter.add(hash, this.#blocks - 1);
    this.#hashes++;
  }

  #addGroup(key: Uint8Array, from: number, to: number): void {
    const length = this.groupLength(key, from, to);
    if (length === to - from) return;
    const hash = hashBytes(key, from, from + length);
    if (hash === this.#lastGroup) return;
    this.#lastGroup = hash;
    this.#addHash(hash);
  }

  /** Writes out the rest and answers the file, open for reading. */
  finish(): SortedFile {
    if (this.#inBlock > 0) this.#endBlock();
    const filterAt = this.sizeBytes;
    const { words } = this.#filter;
    this.#append(Buffer.from(words.buffer, words.byteOffset, words.byteLength));
    const indexAt = this.sizeBytes;
    this.#endIndex();
    this.#append(this.#index.subarray(0, this.#indexLength));
    this.#flush();
    const tail = crc32(this.#index.subarray(0, this.#indexLength), crc32(Buffer.from(words.buffer)));
    const footer = {
      filterAt,
      indexAt,
      blocks: this.#blocks,
      entries: this.#entries,
      deletions: this.#deletions,
      crc: tail,
      hashed: this.largeEntries,
    };
    this.#writeFooter(footer);
    return new SortedFile(this.files, this.#parts(footer));
  }

  /** Closes and removes the file. */
  abort(): void {
    this.files.close(this.#fd);
    this.files.remove(this.path);
  }

  #writeFooter(footer: Footer): void {
    this.#reserve(FOOTER_BYTES);
    writeFooter(footer, this.#output, this.#length);
    this.#length += FOOTER_BYTES;
    this.#flush();
  }

  #parts(footer: Footer): SortedFileParts {
    const index = Buffer.from(this.#index.subarray(0, this.#indexLength));
    return { id: this.id, path: this.path, fd: this.#fd, sizeBytes: this.#written, footer, filter: this.#filter.words, index };
  }

  #blockBytes(): number {
    return this.#length - this.#blockStart + 2 * this.#inBlock + BLOCK_TRAILER_BYTES;
  }

  #beginBlock(key: Uint8Array, from: number, to: number): void {
    if (this.#length >= OUTPUT_BYTES) this.#flush();
    this.#blockStart = this.#length;
    this.#reserveIndex(4 + VARINT_BYTES + to - from);
    this.#index.writeUInt32LE(this.sizeBytes, this.#indexLength);
    this.#addToIndex(key, from, to, this.#indexLength + 4);
    this.#blocks++;
  }

  #endIndex(): void {
    this.#reserveIndex(VARINT_BYTES + this.#lastKeyLength);
    this.#addToIndex(this.#lastKey, 0, this.#lastKeyLength, this.#indexLength);
  }

  #addToIndex(key: Uint8Array, from: number, to: number, at: number): void {
    const keyAt = writeVarint(this.#index, at, to - from);
    this.#index.set(key.subarray(from, to), keyAt);
    this.#indexLength = keyAt + to - from;
  }

  #endBlock(): void {
    const output = this.#output;
    for (let i = 0; i < this.#inBlock; i++) {
      const place = this.#places[i]!;
      output[this.#length++] = place & 255;
      output[this.#length++] = place >>> 8;
    }
    output[this.#length++] = this.#inBlock & 255;
    output[this.#length++] = this.#inBlock >>> 8;
    output.writeUInt32LE(crc32(output.subarray(this.#blockStart, this.#length)), this.#length);
    this.#length += 4;
    this.#inBlock = 0;
  }

  #keepLastKey(key: Uint8Array, from: number, to: number): void {
    if (to - from > this.#lastKey.length) this.#lastKey = Buffer.allocUnsafeSlow(2 * (to - from));
    copyBytes(key, from, to, this.#lastKey, 0);
    this.#lastKeyLength = to - from;
  }

  /** Writes bytes that are no block. */
  #append(bytes: Buffer): void {
    this.#flush();
    this.#attempt(() => this.files.append(this.#fd, bytes, 0, bytes.length));
    this.#written += bytes.length;
  }

  #flush(): void {
    const length = this.#length;
    this.#attempt(() => this.files.append(this.#fd, this.#output, 0, length));
    this.#written += length;
    this.#length = 0;
  }

  #attempt<T>(operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw new StateFileWriteError(this.path, error);
    }
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#output.length) return;
    const larger = Buffer.allocUnsafeSlow(this.#length + bytes + BLOCK_BYTES);
    this.#output.copy(larger, 0, 0, this.#length);
    this.#output = larger;
  }

  #reserveIndex(bytes: number): void {
    if (this.#indexLength + bytes <= this.#index.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#indexLength + bytes));
    this.#index.copy(larger, 0, 0, this.#indexLength);
    this.#index = larger;
  }
}
