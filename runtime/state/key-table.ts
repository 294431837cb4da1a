import { keyIdentity } from '#core';
import { detachedString } from './detach.js';
import { NumberKeys } from './number-keys.js';
import { StringKeys } from './string-keys.js';

/**
 * Dense numbers (slots, from 0) for the keys of one keyed operator, of whatever type they are. While all keys are numbers, or all are
 * strings, as they nearly always are, they are in a table of their kind; the first key of another kind moves them to a `Map`.
 */
export class KeyTable {
  #numbers: NumberKeys | undefined;
  #strings: StringKeys | undefined;
  #any: Map<unknown, number> | undefined;

  get size(): number {
    return (this.#numbers ?? this.#strings ?? this.#any)?.size ?? 0;
  }

  /** The slot of the key; a new key gets the slot that was `size`. */
  slotOf(key: unknown): number {
    if (typeof key === 'number' && this.#numbers !== undefined && !Number.isNaN(key)) return this.#numbers.slotOf(key);
    if (typeof key === 'string' && this.#strings !== undefined) return this.#strings.slotOf(key);
    return this.#slotOfAny(key);
  }

  /** The first key, or one of another kind than those before. */
  #slotOfAny(key: unknown): number {
    if (this.size === 0 && typeof key === 'number' && !Number.isNaN(key)) return (this.#numbers = new NumberKeys()).slotOf(key);
    if (this.size === 0 && typeof key === 'string') return (this.#strings = new StringKeys()).slotOf(key);
    const slots = (this.#any ??= this.#asMap());
    const identity = identityOf(key);
    const known = slots.get(identity);
    if (known !== undefined) return known;
    slots.set(typeof identity === 'string' ? detachedString(identity) : identity, slots.size);
    return slots.size - 1;
  }

  #asMap(): Map<unknown, number> {
    const keys = this.#numbers ?? this.#strings;
    const slots = new Map<unknown, number>();
    for (let slot = 0; slot < (keys?.size ?? 0); slot++) slots.set(identityOf(keys?.keyAt(slot)), slot);
    this.#numbers = undefined;
    this.#strings = undefined;
    return slots;
  }
}

/** Numbers stand for themselves; strings too, unless they look like the identity of another kind of key. */
function identityOf(key: unknown): unknown {
  if (typeof key === 'number' && !Number.isNaN(key)) return key;
  return typeof key === 'string' && key.charCodeAt(0) !== 0 ? key : keyIdentity(key);
}
