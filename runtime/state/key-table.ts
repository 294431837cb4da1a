import { keyIdentity } from '#core';
import { NumberKeys } from './number-keys.js';
import { detachedString } from './detach.js';

/** Dense numbers (slots, from 0) for the keys of one keyed operator, of whatever type they are. */
export class KeyTable {
  readonly #numbers = new NumberKeys();
  readonly #others = new Map<unknown, number>();
  /** Slot by number key, used only once both kinds of keys were seen. */
  #mixed: Map<number, number> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The slot of the key; a new key gets the slot that was `size`. */
  slotOf(key: unknown): number {
    if (typeof key === 'string' && key.charCodeAt(0) !== 0) return this.#slotOfOther(key);
    if (typeof key === 'number' && !Number.isNaN(key)) return this.#slotOfNumber(key);
    return this.#slotOfOther(keyIdentity(key));
  }

  #slotOfNumber(key: number): number {
    if (this.#mixed !== undefined || this.#others.size > 0) return this.#slotOfMixed(key);
    const slot = this.#numbers.slotOf(key);
    this.#size = this.#numbers.size;
    return slot;
  }

  #slotOfOther(key: unknown): number {
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size > 0 && this.#mixed === undefined) this.#mixed = this.#numbersAsMap();
    const slot = this.#size++;
    this.#others.set(typeof key === 'string' ? detachedString(key) : key, slot);
    return slot;
  }

  #slotOfMixed(key: number): number {
    this.#mixed ??= this.#numbersAsMap();
    const known = this.#mixed.get(key);
    if (known !== undefined) return known;
    const slot = this.#size++;
    this.#mixed.set(key, slot);
    return slot;
  }

  #numbersAsMap(): Map<number, number> {
    return new Map(Array.from({ length: this.#numbers.size }, (_, slot) => [this.#numbers.keyAt(slot), slot]));
  }
}
