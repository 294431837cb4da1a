/** Slots in a chunk. */
const CHUNK = 1 << 16;

/** A number by slot, 0 at first, in chunks, so that growing copies nothing. */
export class ChunkedColumn<Chunk extends Float64Array | Uint32Array> {
  readonly #chunks: Chunk[] = [];

  /** @param chunkOf makes a chunk of that many numbers. */
  constructor(private readonly chunkOf: (length: number) => Chunk) {}

  /** All slots that were set are below. */
  get end(): number {
    return this.#chunks.length * CHUNK;
  }

  /** Of a slot that was never set, 0. */
  get(slot: number): number {
    const chunk = this.#chunks[slot >>> 16];
    return chunk === undefined ? 0 : chunk[slot & (CHUNK - 1)]!;
  }

  set(slot: number, value: number): void {
    while (slot >= this.end) this.#chunks.push(this.chunkOf(CHUNK));
    this.#chunks[slot >>> 16]![slot & (CHUNK - 1)] = value;
  }
}
