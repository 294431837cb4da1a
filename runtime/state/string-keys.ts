import { hashString } from '#core';
import { detachedString } from './detach.js';
import { ABSENT, LONGEST_SHORT, ShortStrings } from './short-strings.js';
import { SlotIndex, spread } from './slot-index.js';

/**
 * Dense numbers (slots) for string keys: the keys in an array, by slot, and two indexes over it: {@link ShortStrings} for most of
 * them, a {@link SlotIndex} for those that are long or have units above 255.
 * Several times as fast as a `Map` for strings cut from a segment: those have no hash yet, and the map would compute one that is kept with
 * a string nobody keeps.
 */
export class StringKeys {
  readonly #short = new ShortStrings();
  readonly #long = new SlotIndex();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  keyAt(slot: number): string {
    return this.#keys[slot] ?? '';
  }

  /** The slot of the key; `size` grows by one when the key is new, and its slot is then the last. */
  slotOf(key: string): number {
    if (key.length > LONGEST_SHORT) return this.#slotOfLong(key);
    const slot = this.#short.find(key);
    if (slot >= 0) return slot;
    if (slot !== ABSENT) return this.#slotOfLong(key);
    this.#short.add(this.#keys.length);
    return this.#keys.push(key) - 1;
  }

  #slotOfLong(key: string): number {
    const { table, mask } = this.#long;
    const hash = spread(hashString(key));
    let at = hash & mask;
    let entry = table[2 * at] as number;
    while (entry !== 0) {
      if (table[2 * at + 1] === hash && this.#keys[entry - 1] === key) return entry - 1;
      at = (at + 1) & mask;
      entry = table[2 * at] as number;
    }
    this.#long.add(at, hash, this.#keys.length);
    return this.#keys.push(detachedString(key)) - 1;
  }

  /** The slot of the key, or -1. */
  find(key: string): number {
    if (key.length <= LONGEST_SHORT) {
      const short = this.#short.find(key);
      if (short >= 0) return short;
      if (short === ABSENT) return -1;
    }
    const { table, mask } = this.#long;
    const hash = spread(hashString(key));
    for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      const slot = (table[2 * at] as number) - 1;
      if (table[2 * at + 1] === hash && this.#keys[slot] === key) return slot;
    }
    return -1;
  }
}
