import { hashString } from '#core';
import { detachedString } from './detach.js';
import { SlotIndex, spread } from './slot-index.js';

/**
 * Dense numbers (slots) for string keys: a {@link SlotIndex} and the keys in an array, by slot. Twice as fast as a `Map` for strings cut
 * from a segment: those have no hash yet, and the map would compute one that is kept with a string nobody keeps.
 */
export class StringKeys {
  readonly #index = new SlotIndex();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#index.size;
  }

  slots(): number[] {
    return this.#index.slots();
  }

  /** Forgets the key of the slot, which another key will get. */
  remove(slot: number): void {
    this.#index.remove(slot, spread(hashString(this.keyAt(slot))));
    this.#keys[slot] = '';
  }

  keyAt(slot: number): string {
    return this.#keys[slot] ?? '';
  }

  /** The slot of the key; `size` grows by one when the key is new, and while none was removed, its slot is then the last. */
  slotOf(key: string): number {
    const { table, mask } = this.#index;
    const hash = spread(hashString(key));
    let at = hash & mask;
    let entry = table[2 * at] as number;
    while (entry !== 0) {
      if (table[2 * at + 1] === hash && this.#keys[entry - 1] === key) return entry - 1;
      at = (at + 1) & mask;
      entry = table[2 * at] as number;
    }
    const slot = this.#index.add(at, hash);
    this.#keys[slot] = detachedString(key);
    return slot;
  }

  /** The slot of the key, or -1. */
  find(key: string): number {
    const { table, mask } = this.#index;
    const hash = spread(hashString(key));
    for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      const slot = (table[2 * at] as number) - 1;
      if (table[2 * at + 1] === hash && this.#keys[slot] === key) return slot;
    }
    return -1;
  }
}
