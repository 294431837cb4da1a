import { SlotIndex, spread } from './slot-index.js';

/** Dense numbers (slots) for pairs of slots: a {@link SlotIndex}, and the pairs in an `Int32Array`, by slot. */
export class PairKeys {
  readonly #index = new SlotIndex();
  #pairs = new Int32Array(1024);

  get size(): number {
    return this.#index.size;
  }

  slots(): number[] {
    return this.#index.slots();
  }

  /** Forgets the pair of the slot, which another pair will get. */
  remove(slot: number): void {
    this.#index.remove(slot, hashOfPair(this.firstAt(slot), this.secondAt(slot)));
  }

  firstAt(slot: number): number {
    return this.#pairs[2 * slot] ?? 0;
  }

  secondAt(slot: number): number {
    return this.#pairs[2 * slot + 1] ?? 0;
  }

  /** The slot of the pair; `size` grows by one when the pair is new, and while none was removed, its slot is then the last. */
  slotOf(first: number, second: number): number {
    const { table, mask } = this.#index;
    const pairs = this.#pairs;
    const hash = hashOfPair(first, second);
    let at = hash & mask;
    let entry = table[2 * at] as number;
    while (entry !== 0) {
      if (table[2 * at + 1] === hash && pairs[2 * entry - 2] === first && pairs[2 * entry - 1] === second) return entry - 1;
      at = (at + 1) & mask;
      entry = table[2 * at] as number;
    }
    return this.#add(first, second, hash, at);
  }

  /** The slot of the pair, or -1; so too when a part has no slot, as -1. */
  find(first: number, second: number): number {
    const { table, mask } = this.#index;
    const pairs = this.#pairs;
    const hash = hashOfPair(first, second);
    for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      const slot = (table[2 * at] as number) - 1;
      if (table[2 * at + 1] === hash && pairs[2 * slot] === first && pairs[2 * slot + 1] === second) return slot;
    }
    return -1;
  }

  #add(first: number, second: number, hash: number, at: number): number {
    const slot = this.#index.add(at, hash);
    if (2 * slot === this.#pairs.length) {
      const larger = new Int32Array(this.#pairs.length * 2);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[2 * slot] = first;
    this.#pairs[2 * slot + 1] = second;
    return slot;
  }
}

function hashOfPair(first: number, second: number): number {
  return spread((Math.imul(first, 0x9e3779b1) + second) | 0);
}
