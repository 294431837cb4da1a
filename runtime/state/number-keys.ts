/**
 * Dense numbers (slots) for number keys, by open addressing:
 *
 * ```
 *  table   Int32 pairs [slot + 1, hash], at most 60 % full; 0 = free; linear probing
 *  keys    Float64, by slot
 * ```
 * 2-3 times as fast as a `Map` and without its limit of 16.7 million entries. NaN is not a key.
 */
export class NumberKeys {
  #table = new Int32Array(2048);
  #mask = 1023;
  #keys = new Float64Array(512);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  keyAt(slot: number): number {
    return this.#keys[slot] ?? Number.NaN;
  }

  /** The slot of the key; `size` grows by one when the key is new, and its slot is then the last. */
  slotOf(key: number): number {
    const table = this.#table;
    const mask = this.#mask;
    const hash = hashOfNumber(key);
    let at = hash & mask;
    let entry = table[2 * at] as number;
    while (entry !== 0) {
      if (table[2 * at + 1] === hash && this.#keys[entry - 1] === key) return entry - 1;
      at = (at + 1) & mask;
      entry = table[2 * at] as number;
    }
    return this.#add(key, hash, at);
  }

  #add(key: number, hash: number, at: number): number {
    const slot = this.#size++;
    if (slot === this.#keys.length) this.#keys = grown(this.#keys);
    this.#keys[slot] = key;
    this.#table[2 * at] = slot + 1;
    this.#table[2 * at + 1] = hash;
    if (this.#size > 0.6 * (this.#mask + 1)) this.#rehash();
    return slot;
  }

  #rehash(): void {
    const before = this.#table;
    const mask = this.#mask * 2 + 1;
    const table = new Int32Array((mask + 1) * 2);
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const hash = before[from + 1] as number;
      let at = hash & mask;
      while (table[2 * at] !== 0) at = (at + 1) & mask;
      table[2 * at] = before[from] as number;
      table[2 * at + 1] = hash;
    }
    this.#table = table;
    this.#mask = mask;
  }
}

function grown(keys: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(keys.length * 2);
  larger.set(keys);
  return larger;
}

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Integers of 32 bits by their value, other numbers by their bits, so that huge ones and fractions spread as well. */
function hashOfNumber(key: number): number {
  let mixed = key | 0;
  if (mixed !== key) {
    double[0] = key;
    mixed = (words[0] as number) ^ Math.imul(words[1] as number, 0x9e3779b1);
  }
  const first = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
