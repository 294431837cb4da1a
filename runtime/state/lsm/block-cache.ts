import { BLOCK_BYTES } from './sorted-file-format.js';
import { blockIsWhole, type SortedFile } from './sorted-file.js';

const FEWEST_FRAMES = 16;
/** A larger buffer for a block is given back. */
const MOST_KEPT = 1024 * 1024;

/**
 * Blocks of sorted files that were read lately, checked once when they are read. Bounded: the frames are one piece of memory, and the
 * blocks in them are given up by the clock algorithm. Blocks of large entries are read anew each
 * time: they would waste frames, and the page cache has them.
 *
 * ```
 *  (file, block) ─hash─▶ table ─▶ frame ─▶ bytes[frame * 4096 …]        hand ─▶ used? ─no─▶ give up
 * ```
 * One for all stores of a thread.
 */
export class BlockCache {
  /** Where `load` puts blocks. */
  bytes: Buffer;
  readonly #frames: Buffer;
  #large = Buffer.alloc(0);
  readonly #frameCount: number;
  /** Of each frame: file and block that are in it, and whether it was used since the hand passed. */
  readonly #fileOf: Int32Array;
  readonly #blockOf: Int32Array;
  readonly #used: Uint8Array;
  /** Chains of frames by hash: the first one plus 1, the next one plus 1. */
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  #hand = 0;

  constructor(readonly capacityBytes: number) {
    this.#frameCount = Math.max(FEWEST_FRAMES, Math.floor(capacityBytes / BLOCK_BYTES));
    this.#frames = this.bytes = Buffer.allocUnsafeSlow(this.#frameCount * BLOCK_BYTES);
    this.#fileOf = new Int32Array(this.#frameCount);
    this.#blockOf = new Int32Array(this.#frameCount);
    this.#used = new Uint8Array(this.#frameCount);
    this.#heads = new Int32Array(2 ** (32 - Math.clz32(this.#frameCount)));
    this.#next = new Int32Array(this.#frameCount);
  }

  /** Where the block begins in `bytes`, which is valid until the next load; -1 when its check sum is wrong. Throws `StateFileReadError`. */
  load(file: SortedFile, block: number): number {
    const length = file.blockLength(block);
    if (length > BLOCK_BYTES || file.largeEntries) return this.#loadLarge(file, block, length);
    this.bytes = this.#frames;
    const head = this.#headOf(file.number, block);
    for (let frame = this.#heads[head]! - 1; frame >= 0; frame = this.#next[frame]! - 1) {
      if (this.#blockOf[frame] !== block || this.#fileOf[frame] !== file.number) continue;
      this.#used[frame] = 1;
      return frame * BLOCK_BYTES;
    }
    return this.#loadMissing(file, block, length, head);
  }

  #loadMissing(file: SortedFile, block: number, length: number, head: number): number {
    const frame = this.#takeFrame();
    const at = frame * BLOCK_BYTES;
    file.readBlocks(block, block + 1, this.#frames, at);
    if (!blockIsWhole(this.#frames, at, length)) return -1;
    this.#fileOf[frame] = file.number;
    this.#blockOf[frame] = block;
    this.#next[frame] = this.#heads[head]!;
    this.#heads[head] = frame + 1;
    return at;
  }

  #loadLarge(file: SortedFile, block: number, length: number): number {
    if (this.#large.length < length || this.#large.length > MOST_KEPT) this.#large = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length));
    this.bytes = this.#large;
    file.readBlocks(block, block + 1, this.#large, 0);
    return blockIsWhole(this.#large, 0, length) ? 0 : -1;
  }

  #takeFrame(): number {
    while (this.#used[this.#hand] === 1) {
      this.#used[this.#hand] = 0;
      this.#advance();
    }
    const frame = this.#hand;
    this.#advance();
    if (this.#fileOf[frame] !== 0) this.#unlink(frame);
    return frame;
  }

  #advance(): void {
    if (++this.#hand === this.#frameCount) this.#hand = 0;
  }

  #unlink(frame: number): void {
    const head = this.#headOf(this.#fileOf[frame]!, this.#blockOf[frame]!);
    let at = this.#heads[head]! - 1;
    if (at === frame) this.#heads[head] = this.#next[frame]!;
    else {
      while (this.#next[at]! - 1 !== frame) at = this.#next[at]! - 1;
      this.#next[at] = this.#next[frame]!;
    }
    this.#fileOf[frame] = 0;
  }

  #headOf(file: number, block: number): number {
    const hash = Math.imul(Math.imul(file, 0x9e3779b1) + block, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & (this.#heads.length - 1);
  }
}
