/** In all chunks that are kept: 16 MiB. */
const MOST_NUMBERS = 1 << 21;

/**
 * Chunks of rows that were dropped, for rows to come. Windows come and go: memory that is given back and taken anew each time costs the
 * zeroing of its pages, and collections of garbage.
 */
export class SpareChunks {
  readonly #chunks: Float64Array[] = [];

  /** With whatever is in it. */
  take(length: number): Float64Array {
    return this.#chunks.at(-1)?.length === length ? (this.#chunks.pop() as Float64Array) : new Float64Array(length);
  }

  /** Takes chunks that nobody uses any more: those of one length, as full ones are, up to a limit. */
  give(chunks: readonly Float64Array[], length: number): void {
    for (const chunk of chunks) if (chunk.length === length && (this.#chunks.length + 1) * length <= MOST_NUMBERS) this.#chunks.push(chunk);
  }
}
