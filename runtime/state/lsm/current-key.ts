import type { KeyCache } from './key-cache.js';

/** The key that the states of an operator speak of, and its slot in the cache for all of them, found when it is needed first. */
export class CurrentKey {
  key: unknown;
  #slot = -1;

  constructor(private readonly cache: KeyCache) {}

  set(key: unknown): void {
    this.key = key;
    this.#slot = -1;
  }

  get slot(): number {
    if (this.#slot < 0) this.#slot = this.cache.slotOf(this.key);
    return this.#slot;
  }
}
