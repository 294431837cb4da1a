import { LOOK_AHEAD_ROWS } from '#core';
import type { KeySpec } from '#api';

/** The keys of records that come soon, where they are numbers. */
export class KeyBatch {
  readonly keys = new Float64Array(LOOK_AHEAD_ROWS);
  readonly #select: KeySpec['select'];

  constructor(key: KeySpec) {
    this.#select = key.select;
  }

  /** Answers whether all are numbers. A selector that throws does so again when the record comes. */
  take(records: readonly unknown[], count: number): boolean {
    const { keys } = this;
    try {
      for (let i = 0; i < count; i++) {
        const key = this.#select(records[i]);
        if (typeof key !== 'number') return false;
        keys[i] = key;
      }
    } catch {
      return false;
    }
    return true;
  }
}
