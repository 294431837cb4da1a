const BLOCK_SHIFT = 8;
const FILLED = 0.75;

/**
 * Tells in which block of a file a key is, if it is in the file: a hash table of fingerprints. For files of large entries, where 5 bytes
 * a key are little, and where searching the index would cost more than reading the block.
 *
 * ```
 *  hash ─▶ [block + 1, 24 bits | fingerprint, 8 bits] … (0: free, linear probing)
 * ```
 */
export class BlockTable {
  constructor(readonly words: Int32Array) {}

  /** For at most so many keys. */
  static forKeys(count: number): BlockTable {
    return new BlockTable(new Int32Array(Math.ceil((count + 1) / FILLED)));
  }

  add(hash: number, block: number): void {
    const { words } = this;
    let at = this.#home(hash);
    while (words[at] !== 0) if (++at === words.length) at = 0;
    words[at] = ((block + 1) << BLOCK_SHIFT) | fingerprint(hash);
  }

  /** The place of a block that may hold the key; -1 when there is none. */
  first(hash: number): number {
    return this.#from(hash, this.#home(hash));
  }

  /** The next such place. */
  next(hash: number, place: number): number {
    return this.#from(hash, place + 1 === this.words.length ? 0 : place + 1);
  }

  blockAt(place: number): number {
    return (this.words[place]! >>> BLOCK_SHIFT) - 1;
  }

  #from(hash: number, start: number): number {
    const { words } = this;
    const wanted = fingerprint(hash);
    for (let at = start; words[at] !== 0;) {
      if ((words[at]! & 255) === wanted) return at;
      if (++at === words.length) at = 0;
    }
    return -1;
  }

  #home(hash: number): number {
    return Math.floor(((hash >>> 0) / 4_294_967_296) * this.words.length);
  }
}

function fingerprint(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 24;
}
