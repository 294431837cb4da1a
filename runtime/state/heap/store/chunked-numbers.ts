/** Slots in a chunk. */
export const CHUNK_SLOTS = 1 << 12;
const FIRST_SLOTS = 16;

/**
 * Numbers by slot, 0 at first, in chunks, so that growing copies little: the first chunk doubles until it is full size.
 *
 * Of slot `s`, `chunks[s >>> 12]` has `width` numbers from `(s & 4095) * width` on.
 */
export class ChunkedNumbers<Chunk extends Float64Array | Uint32Array> {
  readonly chunks: Chunk[] = [];
  #end = 0;

  /** @param chunkOf makes a chunk of that many numbers. */
  constructor(
    private readonly chunkOf: (length: number) => Chunk,
    private readonly width = 1,
  ) {}

  /** There is room for the slots below. */
  get end(): number {
    return this.#end;
  }

  /** Makes room for the slot. */
  reserve(slot: number): void {
    while (slot >= this.#end) this.#grow();
  }

  /** Is empty from now on; answers the chunks that it had. */
  retire(): readonly Chunk[] {
    this.#end = 0;
    return this.chunks.splice(0);
  }

  #grow(): void {
    if (this.#end >= CHUNK_SLOTS) {
      this.chunks.push(this.chunkOf(CHUNK_SLOTS * this.width));
      this.#end += CHUNK_SLOTS;
      return;
    }
    this.#end = Math.max(FIRST_SLOTS, this.#end * 2);
    const first = this.chunkOf(this.#end * this.width);
    const before = this.chunks[0];
    if (before !== undefined) first.set(before);
    this.chunks[0] = first;
  }
}
