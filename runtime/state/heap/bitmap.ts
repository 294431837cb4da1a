/** A set of small whole numbers, one bit each. */
export class Bitmap {
  #words: Uint32Array;

  constructor(capacity = 0) {
    this.#words = new Uint32Array((capacity + 31) >>> 5);
  }

  /** The numbers below `end`. */
  static below(end: number): Bitmap {
    const all = new Bitmap(end);
    all.#words.fill(0xffffffff);
    if ((end & 31) !== 0) all.#words[end >>> 5] = (1 << (end & 31)) - 1;
    return all;
  }

  has(value: number): boolean {
    return (((this.#words[value >>> 5] ?? 0) >>> (value & 31)) & 1) === 1;
  }

  add(value: number): void {
    const word = value >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    this.#words[word]! |= 1 << (value & 31);
  }

  delete(value: number): void {
    const word = value >>> 5;
    if (word < this.#words.length) this.#words[word]! &= ~(1 << (value & 31));
  }

  addAll(other: Bitmap): void {
    const words = other.#words;
    if (words.length > this.#words.length) this.#grow(words.length - 1);
    for (let i = 0; i < words.length; i++) this.#words[i]! |= words[i]!;
  }

  copy(): Bitmap {
    const copy = new Bitmap();
    copy.#words = this.#words.slice();
    return copy;
  }

  /** The lowest number in the set that is at least `from`, or -1. */
  next(from: number): number {
    const words = this.#words;
    let at = from >>> 5;
    if (at >= words.length) return -1;
    let word = words[at]! & (0xffffffff << (from & 31));
    while (word === 0) {
      if (++at === words.length) return -1;
      word = words[at]!;
    }
    return at * 32 + (31 - Math.clz32(word & -word));
  }

  #grow(word: number): void {
    const larger = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    larger.set(this.#words);
    this.#words = larger;
  }
}
