/** The source of chance. What decides by chance takes one, so that tests and simulations repeat themselves. */
export interface Random {
  /** A number from 0 to below 1, of 53 random bits. */
  next(): number;
  /** An integer from 0 to `bound - 1`; `bound` is at most 2^32. */
  nextInt(bound: number): number;
}

/** Chance as the platform makes it. */
export const systemRandom: Random = {
  next: () => Math.random(),
  nextInt: (bound) => Math.floor(Math.random() * bound),
};

/** The same numbers for the same seed, on every machine: xorshift128 (Marsaglia 2003). Not for secrets. */
export class SeededRandom implements Random {
  #x: number;
  #y: number;
  #z: number;
  #w: number;

  constructor(seed: number) {
    // Seeds that are near each other shall not give runs that are near each other (splitmix32).
    let state = seed | 0;
    const mixed = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) | 0;
    };
    this.#x = mixed() | 1; // all four words zero would stay zero for ever
    this.#y = mixed();
    this.#z = mixed();
    this.#w = mixed();
  }

  next(): number {
    const high = this.#nextUint32() >>> 5;
    const low = this.#nextUint32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  nextInt(bound: number): number {
    return Math.floor((this.#nextUint32() / 4_294_967_296) * bound);
  }

  #nextUint32(): number {
    const t = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8);
    return this.#w >>> 0;
  }
}
