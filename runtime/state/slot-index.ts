/**
 * Finds slots by hash, by open addressing: Int32 pairs [slot + 1, hash], at most 80 % full; 0 = free; linear probing.
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
  /** Slots given out so far are below. */
  #end = 0;
  readonly #free: number[] = [];

  /** Slots in use. */
  get size(): number {
    return this.#size;
  }

  /** The slots in use, in order. */
  slots(): number[] {
    const slots: number[] = [];
    for (let at = 0; at < this.table.length; at += 2) if (this.table[at] !== 0) slots.push((this.table[at] as number) - 1);
    return slots.sort((a, b) => a - b);
  }

  /** Enters a slot at the free place that the probe came to: by default one that was removed, or else the next. */
  add(at: number, hash: number, slot = this.#free.pop() ?? this.#end++): number {
    this.#size++;
    this.table[2 * at] = slot + 1;
    this.table[2 * at + 1] = hash;
    if (this.#size > 0.8 * (this.mask + 1)) this.#grow();
    return slot;
  }

  /** Removes the slot of a key with this hash. What the probes of others went past it for moves up, so that no gap stops them. */
  remove(slot: number, hash: number): void {
    const { table, mask } = this;
    let gap = hash & mask;
    while (table[2 * gap] !== slot + 1) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      const home = (table[2 * at + 1] as number) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      table[2 * gap] = table[2 * at] as number;
      table[2 * gap + 1] = table[2 * at + 1] as number;
      gap = at;
    }
    table[2 * gap] = 0;
    this.#free.push(slot);
    this.#size--;
  }

  /** Forgets all slots, and keeps the room for them. */
  clear(): void {
    this.table.fill(0);
    this.#size = 0;
    this.#end = 0;
    this.#free.length = 0;
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
