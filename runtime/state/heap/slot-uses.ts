import { Bitmap } from './bitmap.js';

/** How often each slot is used. */
export interface SlotUses {
  has(slot: number): boolean;
  /** One use more; answers whether it is the first. */
  add(slot: number): boolean;
  /** One use less; answers whether it was the last. */
  remove(slot: number): boolean;
}

/** Where many use a slot. */
export class CountedUses implements SlotUses {
  #uses = new Uint32Array(64);

  has(slot: number): boolean {
    return (this.#uses[slot] ?? 0) > 0;
  }

  add(slot: number): boolean {
    if (slot >= this.#uses.length) this.#grow(slot);
    return this.#uses[slot]!++ === 0;
  }

  remove(slot: number): boolean {
    this.#uses[slot]!--;
    return this.#uses[slot] === 0;
  }

  #grow(slot: number): void {
    const larger = new Uint32Array(slot * 2);
    larger.set(this.#uses);
    this.#uses = larger;
  }
}

/** Where there is one that uses slots, which takes little memory: it stays in the cache. */
export class SingleUses implements SlotUses {
  readonly #used = new Bitmap();

  has(slot: number): boolean {
    return this.#used.has(slot);
  }

  add(slot: number): boolean {
    this.#used.add(slot);
    return true;
  }

  remove(slot: number): boolean {
    this.#used.delete(slot);
    return true;
  }
}
