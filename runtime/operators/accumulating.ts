import type { AggregateFunction, FoldFunction, KeySpec } from '#api';
import type { AbsorbingOperator, UpdatingOperator } from '../chain/stage.js';
import { detached } from '../state/detach.js';
import type { OperatorRows, OperatorTable } from '../state/keyed-state-backend.js';
import { KeyedValues } from './keyed-values.js';

/** How records are taken into an accumulator of another type, and what comes out of it. */
export interface Accumulation {
  readonly create: () => unknown;
  readonly add: (record: unknown, accumulator: unknown) => unknown;
  readonly result: (accumulator: unknown) => unknown;
}

export function foldAccumulation(initial: () => unknown, fold: FoldFunction<unknown, unknown>): Accumulation {
  return { create: initial, add: (record, accumulator) => fold(accumulator, record), result: (accumulator) => accumulator };
}

export function aggregateAccumulation(aggregate: AggregateFunction<unknown, unknown, unknown>): Accumulation {
  return {
    create: () => aggregate.createAccumulator(),
    add: (record, accumulator) => aggregate.add(record, accumulator),
    result: (accumulator) => aggregate.getResult(accumulator),
  };
}

/**
 * Takes the records of each key into an accumulator. What the accumulator keeps of a record may be kept for long, and an accumulator may
 * grow large: so strings are copied in the record, before it is added, and never looked for in the accumulator.
 *
 * In:    keyed records.
 * Out:   streaming (`update`): the result so far, for each record. Batch (`absorb`): each key's result, at the end of input.
 * State: one accumulator for each key.
 */
export class AccumulatingOperator implements UpdatingOperator, AbsorbingOperator, OperatorTable {
  readonly #values: KeyedValues<unknown>;

  /** @param rows where snapshots are to hold what is kept. */
  constructor(
    key: KeySpec,
    private readonly accumulation: Accumulation,
    private readonly rows?: OperatorRows,
  ) {
    this.#values = new KeyedValues(key);
  }

  get size(): number {
    return this.#values.size;
  }

  update(record: unknown): unknown {
    return this.accumulation.result(this.#add(record));
  }

  absorb(record: unknown): void {
    this.#add(record);
  }

  resultAt(slot: number): unknown {
    return this.accumulation.result(this.#values.get(slot));
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

  #add(record: unknown): unknown {
    const values = this.#values;
    const slot = values.slotOf(record);
    this.rows?.changing(slot);
    const before = values.has(slot) ? values.get(slot) : this.accumulation.create();
    const after = this.accumulation.add(detached(record), before);
    values.set(slot, after);
    return after;
  }
}
