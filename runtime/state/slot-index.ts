/**
 * Finds slots by hash, by open addressing: Int32 pairs [slot + 1, hash], at most 60 % full; 0 = free; linear probing.
 *
 * ```
 *  hash & mask ─▶ [3, h3] [9, h9] [0, -] [1, h1] …        the keys themselves are with the owner, by slot
 * ```
 * The probe loop is the owner's, so that it compares keys of one kind without a call:
 * `for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) …`
 */
export class SlotIndex {
  table = new Int32Array(2048);
  mask = 1023;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Enters a slot, by default the next one, at the free place that the probe came to. */
  add(at: number, hash: number, slot = this.#size): number {
    this.#size++;
    this.table[2 * at] = slot + 1;
    this.table[2 * at + 1] = hash;
    if (this.#size > 0.6 * (this.mask + 1)) this.#grow();
    return slot;
  }

  #grow(): void {
    const before = this.table;
    const mask = this.mask * 2 + 1;
    const table = new Int32Array((mask + 1) * 2);
    for (let from = 0; from < before.length; from += 2) {
      if (before[from] === 0) continue;
      const hash = before[from + 1] as number;
      let at = hash & mask;
      while (table[2 * at] !== 0) at = (at + 1) & mask;
      table[2 * at] = before[from] as number;
      table[2 * at + 1] = hash;
    }
    this.table = table;
    this.mask = mask;
  }
}

/** Spreads the bits of a hash over all of the word (the finaliser of MurmurHash3). */
export function spread(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
