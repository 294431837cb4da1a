import type { AggregateFunction, AggregatingState, ReduceFunction, ReducingState, ValueState } from '#api';
import type { Cell } from './value-cell.js';

/** One value a key. What `value` answers is what is kept: a change counts, and is safe, only when it is given to `update`. */
export class HeapValueState implements ValueState<unknown> {
  constructor(
    private readonly cell: Cell,
    private readonly defaultValue: unknown,
  ) {}

  value(): unknown {
    return this.cell.get() ?? this.defaultValue;
  }

  update(value: unknown): void {
    if (value == null) this.cell.clear();
    else this.cell.set(value);
  }

  clear(): void {
    this.cell.clear();
  }
}

export class HeapReducingState implements ReducingState<unknown> {
  constructor(
    private readonly cell: Cell,
    private readonly reduce: ReduceFunction<unknown>,
  ) {}

  get(): unknown {
    return this.cell.get();
  }

  add(value: unknown): void {
    const before = this.cell.get();
    this.cell.set(before === undefined ? value : this.reduce(before, value));
  }

  clear(): void {
    this.cell.clear();
  }
}

export class HeapAggregatingState implements AggregatingState<unknown, unknown> {
  constructor(
    private readonly cell: Cell,
    private readonly aggregate: AggregateFunction<unknown, unknown, unknown>,
  ) {}

  get(): unknown {
    const accumulator = this.cell.get();
    return accumulator === undefined ? undefined : this.aggregate.getResult(accumulator);
  }

  add(value: unknown): void {
    const { aggregate, cell } = this;
    cell.set(aggregate.add(value, cell.get() ?? aggregate.createAccumulator()));
  }

  clear(): void {
    this.cell.clear();
  }
}
