import { hashString, type KeyIdentity, keyIdentity } from '#core';
import { detachedString } from '../detach.js';
import { spread } from '../slot-index.js';

/** Answered for a key that has no slot. */
export const NO_SLOT = -1;

/**
 * Slots for keys, which may be taken from them again: what was one key's slot becomes another's. Open addressing, pairs of [slot + 1,
 * hash], at most 60 % full; a key that is removed has those behind it moved up.
 */
export class KeySlots {
  #table = new Int32Array(128);
  #mask = 63;
  readonly #identities: (KeyIdentity | undefined)[] = [];
  readonly #hashes: number[] = [];
  /** Keys that are not their own identity. */
  readonly #keys: unknown[] = [];
  readonly #free: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Slots are below this. */
  get slotCount(): number {
    return this.#identities.length;
  }

  taken(slot: number): boolean {
    return this.#identities[slot] !== undefined;
  }

  keyAt(slot: number): unknown {
    return this.#keys[slot];
  }

  /** The slot of the key, or {@link NO_SLOT}. */
  find(key: unknown): number {
    const identity = identityOf(key);
    return this.#find(identity, hashOf(identity));
  }

  /** Gives the key, which has none, a slot. */
  add(key: unknown): number {
    const identity = kept(identityOf(key));
    const slot = this.#free.pop() ?? this.#identities.length;
    const hash = hashOf(identity);
    this.#identities[slot] = identity;
    this.#hashes[slot] = hash;
    this.#keys[slot] = typeof key === 'string' ? detachedString(key) : key;
    if (++this.#size > 0.6 * (this.#mask + 1)) this.#grow();
    this.#enter(slot, hash);
    return slot;
  }

  /** Takes the slot back. */
  remove(slot: number): void {
    const mask = this.#mask;
    const table = this.#table;
    let hole = this.#hashes[slot]! & mask;
    while (table[2 * hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      // An entry may move to the hole unless its home lies behind it.
      if (((at - table[2 * at + 1]!) & mask) < ((at - hole) & mask)) continue;
      table[2 * hole] = table[2 * at]!;
      table[2 * hole + 1] = table[2 * at + 1]!;
      hole = at;
    }
    table[2 * hole] = 0;
    this.#identities[slot] = undefined;
    this.#keys[slot] = undefined;
    this.#free.push(slot);
    this.#size--;
  }

  #find(identity: KeyIdentity, hash: number): number {
    const table = this.#table;
    const mask = this.#mask;
    for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      if (table[2 * at + 1] !== hash) continue;
      const slot = table[2 * at]! - 1;
      const known = this.#identities[slot];
      if (known === identity || Object.is(known, identity)) return slot;
    }
    return NO_SLOT;
  }

  #enter(slot: number, hash: number): void {
    let at = hash & this.#mask;
    while (this.#table[2 * at] !== 0) at = (at + 1) & this.#mask;
    this.#table[2 * at] = slot + 1;
    this.#table[2 * at + 1] = hash;
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let i = 0; i < before.length; i += 2) if (before[i] !== 0) this.#enter(before[i]! - 1, before[i + 1]!);
  }
}

function identityOf(key: unknown): KeyIdentity {
  return typeof key === 'number' ? key : keyIdentity(key);
}

function kept(identity: KeyIdentity): KeyIdentity {
  return typeof identity === 'string' ? detachedString(identity) : identity;
}

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

function hashOf(identity: KeyIdentity): number {
  if (typeof identity === 'number') {
    if ((identity | 0) === identity) return spread(identity | 0);
    double[0] = identity;
    return spread((words[0] as number) ^ Math.imul(words[1] as number, 0x9e3779b1));
  }
  return spread(hashString(typeof identity === 'string' ? identity : String(identity)));
}
