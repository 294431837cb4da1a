import { invariant } from '#core';
import { BlockChunk, CELLS_SHIFT, CHUNK_CELLS } from './block-chunk.js';

/** Blocks are known by a positive number of 31 bits: 16 GiB fit. */
const MOST_CHUNKS = 2 ** (31 - CELLS_SHIFT);
/** So many chunks in which nothing is are kept for what comes, or half as many as are in use. */
const FEWEST_SPARE = 2;

/** Memory for blocks, which are given back a chunk at a time: when all that is in it is too old. */
export class BlockMemory {
  /** A block with the number `b` begins in `chunks[(b - 1) >>> 14]`, at cell `(b - 1) & 16383`. */
  readonly chunks: (BlockChunk | undefined)[] = [];
  readonly #spare: BlockChunk[] = [];
  readonly #free: number[] = [];
  #current: BlockChunk | undefined;
  #next = CHUNK_CELLS;

  /** A block of that many cells, whatever they hold. Answers its number. */
  take(cells: number, time: number): number {
    if (this.#next + cells > CHUNK_CELLS) {
      this.#current = this.#spare.pop() ?? this.#newChunk();
      this.#current.begin(time);
      this.#next = 0;
    }
    const block = this.#current!.index * CHUNK_CELLS + this.#next + 1;
    this.#next += cells;
    return block;
  }

  /** Takes the chunks back that have nothing from the time on. */
  reclaim(time: number): void {
    const mostSpare = Math.max(FEWEST_SPARE, (this.chunks.length - this.#free.length) / 2);
    for (const chunk of this.chunks) {
      if (chunk === undefined || chunk.spare || chunk === this.#current || chunk.latest >= time) continue;
      chunk.objects = [];
      if (this.#spare.length < mostSpare) {
        chunk.spare = true;
        this.#spare.push(chunk);
      } else {
        this.chunks[chunk.index] = undefined;
        this.#free.push(chunk.index);
      }
    }
  }

  /** Chunks that take memory. */
  get size(): number {
    return this.chunks.length - this.#free.length;
  }

  #newChunk(): BlockChunk {
    const index = this.#free.pop() ?? this.chunks.length;
    invariant(index < MOST_CHUNKS, 'a list by time has at most 16 GiB in one subtask');
    const chunk = new BlockChunk(index);
    this.chunks[index] = chunk;
    return chunk;
  }
}
