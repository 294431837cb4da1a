import type { KeySpec, ReduceFunction } from '#api';
import type { AbsorbingOperator, UpdatingOperator } from '../chain/stage.js';
import type { OperatorRows, OperatorTable } from '../state/keyed-state-backend.js';
import { KeyedValues } from './keyed-values.js';

/**
 * Combines the records of each key into one of the same type.
 *
 * In:    keyed records.
 * Out:   streaming (`update`): the reduction so far, for each record. Batch (`absorb`): each key's reduction, at the end of input.
 * State: one record for each key.
 */
export class Reducer implements UpdatingOperator, AbsorbingOperator, OperatorTable {
  readonly #values: KeyedValues<unknown>;

  /** @param rows where snapshots are to hold what is kept. */
  constructor(
    key: KeySpec,
    private readonly reduce: ReduceFunction<unknown>,
    private readonly rows?: OperatorRows,
  ) {
    this.#values = new KeyedValues(key);
  }

  get size(): number {
    return this.#values.size;
  }

  update(record: unknown): unknown {
    const values = this.#values;
    const slot = values.slotOf(record);
    this.rows?.changing(slot);
    const reduced = values.has(slot) ? this.reduce(values.get(slot), record) : record;
    values.keep(slot, reduced);
    return reduced;
  }

  absorb(record: unknown): void {
    this.update(record);
  }

  resultAt(slot: number): unknown {
    return this.#values.get(slot);
  }

  keyAt(slot: number): unknown {
    return this.#values.keyAt(slot);
  }

  valueAt(slot: number): unknown {
    return this.#values.get(slot);
  }

  restore(key: unknown, value: unknown): void {
    this.#values.restore(key, value);
  }
}
