/** Float64 of a chunk: 128 KiB. */
export const CHUNK_CELLS = 1 << 14;
export const CELLS_SHIFT = 14;

/** A piece of the memory of a {@link BlockList}, in two views, with the objects of those of its blocks that have any. */
export class BlockChunk {
  readonly cells = new Float64Array(CHUNK_CELLS);
  readonly ints = new Int32Array(this.cells.buffer);
  objects: unknown[] = [];
  /** The time at which it was begun: blocks in a chunk that is too old are not filled any more, so that it comes to its end. */
  born = Number.NEGATIVE_INFINITY;
  /** The latest time in any chain up to a block here: nothing here is needed once that was dropped. */
  latest = Number.NEGATIVE_INFINITY;
  /** Waits to be used again. */
  spare = false;

  constructor(readonly index: number) {}

  begin(time: number): void {
    this.spare = false;
    this.born = time;
    this.latest = time;
  }
}
