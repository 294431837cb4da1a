/** 512 bits: a probe touches one line of the processor's cache. */
const WORDS_A_BLOCK = 16;
const BITS_A_KEY = 10;

/**
 * Tells that a key is certainly not in a file, or that it may be. About 1.3 % of the keys that are not there pass.
 * Each hash sets six bits of one block (F. Putze, P. Sanders, J. Singler: Cache-, Hash- and Space-Efficient Bloom Filters).
 */
export class BloomFilter {
  constructor(readonly words: Int32Array) {}

  static forKeys(count: number): BloomFilter {
    return new BloomFilter(new Int32Array(WORDS_A_BLOCK * Math.max(1, Math.ceil((count * BITS_A_KEY) / (32 * WORDS_A_BLOCK)))));
  }

  add(hash: number): void {
    const words = this.words;
    const block = blockOf(hash, words.length);
    let bits = Math.imul(hash, 0x9e3779b1);
    for (let i = 0; i < 3; i++, bits >>>= 9) words[block + ((bits >>> 5) & 15)]! |= 1 << (bits & 31);
    bits = Math.imul(hash, 0x85ebca6b) ^ (hash >>> 15);
    for (let i = 0; i < 3; i++, bits >>>= 9) words[block + ((bits >>> 5) & 15)]! |= 1 << (bits & 31);
  }

  mayContain(hash: number): boolean {
    const words = this.words;
    const block = blockOf(hash, words.length);
    let bits = Math.imul(hash, 0x9e3779b1);
    for (let i = 0; i < 3; i++, bits >>>= 9) if ((words[block + ((bits >>> 5) & 15)]! & (1 << (bits & 31))) === 0) return false;
    bits = Math.imul(hash, 0x85ebca6b) ^ (hash >>> 15);
    for (let i = 0; i < 3; i++, bits >>>= 9) if ((words[block + ((bits >>> 5) & 15)]! & (1 << (bits & 31))) === 0) return false;
    return true;
  }
}

function blockOf(hash: number, words: number): number {
  return Math.floor(((hash >>> 0) / 4_294_967_296) * (words / WORDS_A_BLOCK)) * WORDS_A_BLOCK;
}
