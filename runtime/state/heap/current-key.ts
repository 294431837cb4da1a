import type { KeyDirectory } from './key-directory.js';

/** The key that the states of an operator speak of, and its slot for all of them. */
export class CurrentKey {
  /** -1: the key has no slot yet. */
  slot = -1;
  #key: unknown;
  /** Whether `#key` is the key of the slot; a timer sets the slot alone. */
  #known = true;

  constructor(private readonly keys: KeyDirectory) {}

  get key(): unknown {
    if (!this.#known) {
      this.#key = this.keys.keyAt(this.slot);
      this.#known = true;
    }
    return this.#key;
  }

  set(key: unknown): void {
    this.leave();
    this.#key = key;
    this.#known = true;
    this.slot = this.keys.find(key);
  }

  /** Another key is about to be the current one: slots that came out of use are given up. */
  leave(): void {
    this.keys.sweep();
  }

  /** To be called after `leave`. */
  moveTo(slot: number): void {
    this.slot = slot;
    this.#known = false;
  }

  /** The slot of the key, a new one when it has none. */
  ensureSlot(): number {
    if (this.slot < 0) this.slot = this.keys.slotOf(this.#key);
    return this.slot;
  }
}
