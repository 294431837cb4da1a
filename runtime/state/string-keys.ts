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
  /** Slots of keys that were removed. */
  readonly #free: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  slots(): number[] {
    const removed = new Set(this.#free);
    return [...this.#keys.keys()].filter((slot) => !removed.has(slot));
  }

  /** Forgets the key of the slot, which another key will get. */
  remove(slot: number): void {
    const key = this.keyAt(slot);
    if (key.length > LONGEST_SHORT || !this.#short.remove(key)) this.#long.remove(slot, spread(hashString(key)));
    this.#keys[slot] = '';
    this.#free.push(slot);
    this.#size--;
  }

  keyAt(slot: number): string {
    return this.#keys[slot] ?? '';
  }

  /** The slot of the key; `size` grows by one when the key is new, and while none was removed, its slot is then the last. */
  slotOf(key: string): number {
    if (key.length > LONGEST_SHORT) return this.#slotOfLong(key);
    const slot = this.#short.find(key);
    if (slot >= 0) return slot;
    if (slot !== ABSENT) return this.#slotOfLong(key);
    const added = this.#keep(key);
    this.#short.add(added);
    return added;
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
    return this.#long.add(at, hash, this.#keep(detachedString(key)));
  }

  #keep(key: string): number {
    this.#size++;
    const slot = this.#free.pop() ?? this.#keys.length;
    this.#keys[slot] = key;
    return slot;
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
