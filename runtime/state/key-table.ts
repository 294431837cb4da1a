import { keyIdentity } from '#core';
import { CompositeKeys, UNLIKE } from './composite-keys.js';
import { detached, detachedString } from './detach.js';
import { NumberKeys } from './number-keys.js';
import { StringKeys } from './string-keys.js';

/** In a table that is left to others: at most 4 MiB. */
const MOST_SPARE_KEYS = 1 << 17;

/**
 * Dense numbers (slots, from 0) for the keys of one keyed operator, of whatever type they are. While all keys are numbers, or all are
 * strings, or all are made of the same number of these, as they nearly always are, they are in a table of their kind; the first key of
 * another kind moves them to a `Map`.
 */
export class KeyTable {
  #numbers: NumberKeys | undefined;
  #strings: StringKeys | undefined;
  #composites: CompositeKeys | undefined;
  #any: Map<unknown, number> | undefined;
  #spare: NumberKeys | undefined;
  /** By slot, once there is a `Map`. */
  readonly #keys: unknown[] = [];
  readonly #free: number[] = [];

  /**
   * @param removable whether `remove` will be called: then more is noted of composite keys.
   * @param spare empty, for number keys.
   */
  constructor(
    private readonly removable = false,
    spare?: NumberKeys,
  ) {
    this.#spare = spare;
  }

  get size(): number {
    return (this.#numbers ?? this.#strings ?? this.#composites ?? this.#any)?.size ?? 0;
  }

  /** The slot of the key; `size` grows by one when the key is new, and while none was removed, its slot is the one that was `size`. */
  slotOf(key: unknown): number {
    if (typeof key === 'number' && this.#numbers !== undefined && !Number.isNaN(key)) return this.#numbers.slotOf(key);
    if (typeof key === 'string' && this.#strings !== undefined) return this.#strings.slotOf(key);
    if (typeof key === 'object' && key !== null && this.#composites !== undefined) {
      const slot = this.#composites.slotOf(key);
      if (slot !== UNLIKE) return slot;
    }
    return this.#slotOfAny(key);
  }

  /** The slot of the key, or -1. */
  find(key: unknown): number {
    if (typeof key === 'number' && this.#numbers !== undefined && !Number.isNaN(key)) return this.#numbers.find(key);
    if (typeof key === 'string' && this.#strings !== undefined) return this.#strings.find(key);
    if (typeof key === 'object' && key !== null && this.#composites !== undefined) {
      const slot = this.#composites.find(key);
      if (slot !== UNLIKE) return slot;
    }
    if (this.size === 0) return -1;
    return (this.#any ??= this.#asMap()).get(identityOf(key)) ?? -1;
  }

  /** Has the keys of slots, of which some may be -1, at hand, where they are numbers. */
  prefetch(slots: Int32Array, count: number): void {
    this.#numbers?.prefetch(slots, count);
  }

  /** The slots of number keys, at most as many as are looked at ahead, or -1 each; -1 for all where keys are of another kind. */
  findAll(keys: Float64Array, count: number, slots: Int32Array): void {
    if (this.#numbers === undefined) slots.fill(-1, 0, count);
    else this.#numbers.findAll(keys, count, slots);
  }

  /** The key of a slot, or one that is equal to it. */
  keyAt(slot: number): unknown {
    const keys = this.#numbers ?? this.#strings ?? this.#composites;
    return keys === undefined ? this.#keys[slot] : keys.keyAt(slot);
  }

  /** Forgets the key of the slot, which another key will get. */
  remove(slot: number): void {
    const keys = this.#numbers ?? this.#strings ?? this.#composites;
    if (keys !== undefined) {
      keys.remove(slot);
      return;
    }
    this.#any!.delete(identityOf(this.#keys[slot]));
    this.#keys[slot] = undefined;
    this.#free.push(slot);
  }

  /** Forgets all keys; answers an empty table for as many number keys, if that is worth while. */
  retire(): NumberKeys | undefined {
    const numbers = this.#numbers;
    this.#numbers = undefined;
    if (numbers === undefined || !numbers.wellFilled || numbers.size > MOST_SPARE_KEYS) return undefined;
    numbers.clear();
    return numbers;
  }

  /** The first key, or one of another kind than those before. */
  #slotOfAny(key: unknown): number {
    if (this.#any === undefined && this.size === 0 && this.#chooseTable(key)) return this.slotOf(key);
    const slots = (this.#any ??= this.#asMap());
    const identity = identityOf(key);
    const known = slots.get(identity);
    if (known !== undefined) return known;
    const own = typeof identity === 'string' ? detachedString(identity) : identity;
    const slot = this.#free.pop() ?? this.#keys.length;
    slots.set(own, slot);
    this.#keys[slot] = identity === key ? own : detached(key);
    return slot;
  }

  /** Whether there is a table for keys like the first. */
  #chooseTable(first: unknown): boolean {
    this.#numbers = undefined;
    this.#strings = undefined;
    this.#composites = undefined;
    if (typeof first === 'number' && !Number.isNaN(first)) this.#numbers = this.#takeSpare() ?? new NumberKeys();
    else if (typeof first === 'string') this.#strings = new StringKeys();
    else this.#composites = CompositeKeys.like(first, this.removable);
    return (this.#numbers ?? this.#strings ?? this.#composites) !== undefined;
  }

  #takeSpare(): NumberKeys | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare;
  }

  #asMap(): Map<unknown, number> {
    const keys = this.#numbers ?? this.#strings ?? this.#composites;
    const slots = new Map<unknown, number>();
    for (const slot of keys?.slots() ?? []) {
      const key = keys?.keyAt(slot);
      // Those between were removed.
      while (this.#keys.length < slot) this.#free.push(this.#keys.push(undefined) - 1);
      slots.set(identityOf(key), slot);
      this.#keys[slot] = key;
    }
    this.#numbers = undefined;
    this.#strings = undefined;
    this.#composites = undefined;
    return slots;
  }
}

/** Numbers stand for themselves; strings too, unless they look like the identity of another kind of key. */
function identityOf(key: unknown): unknown {
  if (typeof key === 'number' && !Number.isNaN(key)) return key;
  return typeof key === 'string' && key.charCodeAt(0) !== 0 ? key : keyIdentity(key);
}
