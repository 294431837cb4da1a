import { keyGroupOf } from '#core';
import { KeyTable } from '../key-table.js';

/** Slots for keys, and the key group of each. */
export class KeyDirectory {
  readonly #table = new KeyTable();
  #groups = new Uint16Array(64);

  constructor(private readonly maxParallelism: number) {}

  /** Slots given out so far. */
  get size(): number {
    return this.#table.size;
  }

  slotOf(key: unknown): number {
    const before = this.#table.size;
    const slot = this.#table.slotOf(key);
    if (slot === before) this.#note(slot, key);
    return slot;
  }

  /** The slot of the key, or -1. */
  find(key: unknown): number {
    return this.#table.find(key);
  }

  keyAt(slot: number): unknown {
    return this.#table.keyAt(slot);
  }

  keyGroupOf(slot: number): number {
    return this.#groups[slot] ?? 0;
  }

  #note(slot: number, key: unknown): void {
    if (slot === this.#groups.length) {
      const larger = new Uint16Array(slot * 2);
      larger.set(this.#groups);
      this.#groups = larger;
    }
    this.#groups[slot] = keyGroupOf(key, this.maxParallelism);
  }
}
