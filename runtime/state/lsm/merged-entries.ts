import type { EntrySource } from './entry-source.js';
import { compareBytes, copyBytes } from './key-bytes.js';

/**
 * Entries of several sources in the order of their keys, each key once: the entry of the newest source that has it. `source` stands on the
 * entry. A heap of sources by key, then by age.
 */
export class MergedEntries {
  readonly #sources: readonly EntrySource[];
  /** Indexes of the sources that have not ended. */
  readonly #heap: number[] = [];
  #key: Buffer = Buffer.allocUnsafe(64);
  #keyLength = 0;
  #started = false;

  /** @param sources newest first. */
  constructor(sources: readonly EntrySource[]) {
    this.#sources = sources;
    for (let i = 0; i < sources.length; i++) if (!sources[i]!.ended) this.#heap.push(i);
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  get source(): EntrySource {
    return this.#sources[this.#heap[0]!]!;
  }

  /** Goes to the next key; false at the end. */
  next(): boolean {
    if (this.#started) this.#passKey();
    this.#started = true;
    if (this.#heap.length === 0) return false;
    this.#keepKey();
    return true;
  }

  /** A copy of the key it stands on. */
  copyOfKey(): Buffer {
    return Buffer.from(this.#key.subarray(0, this.#keyLength));
  }

  /** Steps over the entries of all sources with the key that was taken. */
  #passKey(): void {
    do this.#step();
    while (this.#heap.length > 0 && this.#sameKey());
  }

  #step(): void {
    const { source } = this;
    source.next();
    if (source.ended) {
      const last = this.#heap.pop()!;
      if (this.#heap.length === 0) return;
      this.#heap[0] = last;
    }
    this.#sink(0);
  }

  #sameKey(): boolean {
    const { source } = this;
    const length = this.#keyLength;
    if (source.keyEnd - source.keyStart !== length) return false;
    for (let i = length - 1; i >= 0; i--) if (source.bytes[source.keyStart + i] !== this.#key[i]) return false;
    return true;
  }

  #keepKey(): void {
    const { source } = this;
    const length = source.keyEnd - source.keyStart;
    if (length > this.#key.length) this.#key = Buffer.allocUnsafe(2 * length);
    copyBytes(source.bytes, source.keyStart, source.keyEnd, this.#key, 0);
    this.#keyLength = length;
  }

  #before(i: number, j: number): boolean {
    const a = this.#sources[i]!;
    const b = this.#sources[j]!;
    const order = compareBytes(a.bytes, a.keyStart, a.keyEnd, b.bytes, b.keyStart, b.keyEnd);
    return order === 0 ? i < j : order < 0;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moved = heap[from]!;
    let at = from;
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}
