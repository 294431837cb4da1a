import type { BuiltInAggregation, KeySpec } from '#api';
import type { AbsorbingOperator, UpdatingOperator } from '../chain/stage.js';
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
export class FieldAggregator implements UpdatingOperator, AbsorbingOperator {
  #columns: RecordColumns | undefined;
  #reducer: Reducer | undefined;

  constructor(
    private readonly key: KeySpec,
    private readonly aggregation: BuiltInAggregation,
    private readonly field: string,
    private readonly first: boolean,
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
    return recordColumns(key, aggregation, field, record, presume);
  }

  #withoutPresumption(presuming: RecordColumns): RecordColumns | undefined {
    const columns = this.#columnsLike(presuming.resultAt(0), false);
    for (let slot = 0; slot < presuming.size; slot++) columns?.absorb(presuming.resultAt(slot));
    return columns;
  }

  #reducerOfColumns(): Reducer {
    const reducer = new Reducer(this.key, fieldAggregation(this.aggregation, this.field, this.first));
    for (let slot = 0; slot < this.size; slot++) reducer.update(this.resultAt(slot));
    this.#columns = undefined;
    return reducer;
  }
}
