/** Mixes the bits of a 32-bit integer; a bijection. The multipliers are those of Wellons' `lowbias32`. */
export function mix(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return h ^ (h >>> 16);
}

/** A number of `bound` by the upper bits of a hash: exact while `bound` is at most 2^21, so that the product fits a double. */
export function scale(hash: number, bound: number): number {
  return ((hash >>> 0) * bound * 2 ** -32) | 0;
}

const STEP = 0x9e3779b9 | 0;

/** Chance in 32-bit arithmetic alone: a counter with a fixed step, mixed. The peer's generator gives the same numbers. */
export class MixedNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = mix(mix(seed));
  }

  /** The next 32 bits, as a signed integer. */
  next(): number {
    this.#state = (this.#state + STEP) | 0;
    return mix(this.#state);
  }

  /** The next number from 0 up to, but not including, the bound (at most 2^21). */
  nextBelow(bound: number): number {
    return scale(this.next(), bound);
  }
}
