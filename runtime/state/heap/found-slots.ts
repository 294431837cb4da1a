import { LOOK_AHEAD_ROWS } from '#core';

/** The slots of number keys that come soon, looked up together and given out in their order. */
export class FoundSlots {
  /** -1 where a key had none. */
  readonly slots = new Int32Array(LOOK_AHEAD_ROWS);
  readonly #keys = new Float64Array(LOOK_AHEAD_ROWS);
  #next = 0;
  #count = 0;

  /** The slots of these keys are in `slots`; what was left of those before is forgotten. */
  begin(keys: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) this.#keys[i] = keys[i] as number;
    this.#next = 0;
    this.#count = count;
  }

  /** The slot of the key if it is the next one, or -1. */
  take(key: unknown): number {
    const next = this.#next;
    if (next >= this.#count || this.#keys[next] !== key) return -1;
    this.#next = next + 1;
    return this.slots[next] as number;
  }

  /** To be called when a slot goes to another key. */
  forget(): void {
    this.#count = 0;
  }
}
