import type { BuiltInAggregation, KeySpec } from '#api';
import type { AbsorbingOperator, UpdatingOperator } from '../chain/stage.js';
import type { OperatorRows, OperatorTable } from '../state/keyed-state-backend.js';
import { checkedRecord, fieldAggregation } from './field-aggregation.js';
import { MISMATCH, recordColumns, type RecordColumns } from './record-columns.js';
import { Reducer } from './reducer.js';

/**
 * Aggregates one field of the records of each key.
 *
 * In:    keyed records.
 * Out:   as for {@link Reducer}: each result is a record like the key's first, with the field replaced, or (`minBy`, `maxBy`) one of the
 *        records.
 * State: one row of columns for each key while all records are alike; else one record.
 */
export class FieldAggregator implements UpdatingOperator, AbsorbingOperator, OperatorTable {
  #columns: RecordColumns | undefined;
  #reducer: Reducer | undefined;

  /** @param rows where snapshots are to hold what is kept. */
  constructor(
    private readonly key: KeySpec,
    private readonly aggregation: BuiltInAggregation,
    private readonly field: string,
    private readonly first: boolean,
    private readonly rows?: OperatorRows,
  ) {}

  get size(): number {
    return this.#columns?.size ?? this.#reducer?.size ?? 0;
  }

  update(record: unknown): unknown {
    const result = this.#columns?.update(record) ?? MISMATCH;
    return result === MISMATCH ? this.#updateInGeneral(record) : result;
  }

  absorb(record: unknown): void {
    const columns = this.#columns;
    if (columns === undefined || columns.absorb(record) === MISMATCH) this.#updateInGeneral(record);
  }

  resultAt(slot: number): unknown {
    return this.#columns === undefined ? this.#reducer?.resultAt(slot) : this.#columns.resultAt(slot);
  }

  keyAt(slot: number): unknown {
    return this.#columns === undefined ? this.#reducer?.keyAt(slot) : this.#columns.keyAt(slot);
  }

  valueAt(slot: number): unknown {
    return this.resultAt(slot);
  }

  restore(key: unknown, record: unknown): void {
    if (this.size === 0) this.#columns = this.#columnsLike(record, true);
    if (this.#columns !== undefined && this.#columns.restore(key, record) !== MISMATCH) return;
    if (this.#columns?.presuming === true && this.#columns.size > 0) {
      this.#columns = this.#withoutPresumption(this.#columns);
      return this.restore(key, record);
    }
    this.#reducer ??= this.#reducerOfColumns();
    this.#reducer.restore(key, record);
  }

  /** The first record, or one that the columns cannot hold: from then on all records are kept as they are. */
  #updateInGeneral(record: unknown): unknown {
    checkedRecord(this.aggregation, this.field, record);
    if (this.#reducer === undefined && this.#columns === undefined) {
      this.#columns = this.#columnsLike(record, true);
      if (this.#columns !== undefined) return this.#columns.update(record);
    }
    if (this.#columns?.presuming === true) {
      this.#columns = this.#withoutPresumption(this.#columns);
      return this.update(record);
    }
    this.#reducer ??= this.#reducerOfColumns();
    return this.#reducer.update(record);
  }

  #columnsLike(record: unknown, presume: boolean): RecordColumns | undefined {
    const { key, aggregation, field } = this;
    if (aggregation === 'minBy' || aggregation === 'maxBy' || field.includes('.')) return undefined;
    return recordColumns({ key, aggregation, field, sample: record, presume, rows: this.rows });
  }

  /** The same rows, in their order. */
  #withoutPresumption(presuming: RecordColumns): RecordColumns | undefined {
    const columns = this.#columnsLike(presuming.resultAt(0), false);
    for (let slot = 0; slot < presuming.size; slot++) columns?.restore(presuming.keyAt(slot), presuming.resultAt(slot));
    return columns;
  }

  #reducerOfColumns(): Reducer {
    const reducer = new Reducer(this.key, fieldAggregation(this.aggregation, this.field, this.first), this.rows);
    // In their order, so that each key keeps its slot.
    for (let slot = 0; slot < this.size; slot++) reducer.restore(this.keyAt(slot), this.resultAt(slot));
    this.#columns = undefined;
    return reducer;
  }
}
