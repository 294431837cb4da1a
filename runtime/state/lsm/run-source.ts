import { BlockReader } from './block.js';
import { EntrySource } from './entry-source.js';
import type { Run } from './run.js';
import { BLOCK_BYTES } from './sorted-file-format.js';
import { blockIsWhole, type SortedFile } from './sorted-file.js';

/** Reads at once at most. */
const CHUNK_BYTES = 128 * 1024;
const FIRST_CHUNK_BYTES = 2 * BLOCK_BYTES;

/**
 * The entries of a run, from a key on. Blocks are read several at a time, more of them the longer it goes, past the block cache: a long
 * scan would only drive out what others need. Check sums are verified. Throws `StateFileReadError`, `DamagedStateFileError`.
 */
export class RunSource extends EntrySource {
  #buffer: Buffer;
  readonly #block = new BlockReader();
  #entry = 0;
  #fileIndex: number;
  #file: SortedFile | undefined;
  #blockNumber = 0;
  /** The first block in the buffer, and the one after the last. */
  #chunkStart = 0;
  #chunkEnd = 0;
  #chunkBytes: number;

  /** @param sequential the whole run is going to be read. */
  constructor(
    private readonly run: Run,
    start: Uint8Array,
    sequential: boolean,
  ) {
    super();
    this.#chunkBytes = sequential ? CHUNK_BYTES : FIRST_CHUNK_BYTES;
    this.#buffer = Buffer.allocUnsafeSlow(this.#chunkBytes);
    this.#fileIndex = run.indexOf(start, 0, start.length);
    this.#seek(start);
  }

  override next(): void {
    if (++this.#entry < this.#block.count) this.#stand();
    else this.#nextBlock();
  }

  #seek(start: Uint8Array): void {
    this.#file = this.run.files[this.#fileIndex];
    if (this.#file === undefined) {
      this.ended = true;
      return;
    }
    this.#blockNumber = Math.max(0, this.#file.blockOf(start, 0, start.length));
    this.#enterBlock();
    this.#entry = this.#block.seek(start, 0, start.length);
    if (this.#entry < this.#block.count) this.#stand();
    else this.#nextBlock();
  }

  #nextBlock(): void {
    this.#blockNumber++;
    if (this.#blockNumber === this.#file!.blocks) {
      this.#file = this.run.files[++this.#fileIndex];
      this.#blockNumber = 0;
      this.#chunkEnd = 0;
      if (this.#file === undefined) {
        this.ended = true;
        return;
      }
    }
    this.#enterBlock();
    this.#entry = 0;
    this.#stand();
  }

  #enterBlock(): void {
    const file = this.#file!;
    if (this.#blockNumber >= this.#chunkEnd) this.#readChunk(file);
    const at = file.blockPosition(this.#blockNumber) - file.blockPosition(this.#chunkStart);
    const length = file.blockLength(this.#blockNumber);
    if (!blockIsWhole(this.#buffer, at, length)) throw file.damagedBlock(this.#blockNumber);
    this.#block.attach(this.#buffer, at, length);
  }

  #readChunk(file: SortedFile): void {
    const first = this.#blockNumber;
    const start = file.blockPosition(first);
    let afterLast = first + 1;
    while (afterLast < file.blocks && file.blockPosition(afterLast + 1) - start <= this.#chunkBytes) afterLast++;
    const length = file.blockPosition(afterLast) - start;
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(length);
    file.readBlocks(first, afterLast, this.#buffer, 0);
    this.#chunkStart = first;
    this.#chunkEnd = afterLast;
    if (this.#chunkBytes < CHUNK_BYTES) this.#chunkBytes *= 2;
  }

  #stand(): void {
    const block = this.#block;
    block.entry(this.#entry);
    this.bytes = block.bytes;
    this.keyStart = block.keyStart;
    this.keyEnd = block.keyEnd;
    this.valueStart = block.valueStart;
    this.valueEnd = block.valueEnd;
    this.deleted = block.deleted;
  }
}
