import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from '#api';
import { copied } from './copied.js';

/** Where one state keeps its one value, which is plain data. */
export interface StateCell {
  /** Undefined when nothing is kept. */
  read(): unknown;
  write(value: unknown): void;
  clear(): void;
}

type AnyDescriptor =
  | ValueStateDescriptor<unknown>
  | ListStateDescriptor<unknown>
  | MapStateDescriptor<unknown, unknown>
  | ReducingStateDescriptor<unknown>
  | AggregatingStateDescriptor<unknown, unknown, unknown>;

/** A state of any kind on a cell. */
export function cellState(descriptor: AnyDescriptor, cell: StateCell): CellState {
  switch (descriptor.kind) {
    case 'value':
      return new CellValue(descriptor, cell);
    case 'list':
      return new CellList(cell);
    case 'map':
      return new CellMap(cell);
    case 'reducing':
      return new CellReducing(descriptor, cell);
    case 'aggregating':
      return new CellAggregating(descriptor, cell);
  }
}

export type CellState =
  ValueState<unknown> | ListState<unknown> | MapState<unknown, unknown> | ReducingState<unknown> | AggregatingState<unknown, unknown>;

/** What one cell and another come to together. */
export function mergedCells(descriptor: AnyDescriptor, left: unknown, right: unknown): unknown {
  switch (descriptor.kind) {
    case 'list':
      return [...(left as unknown[]), ...(right as unknown[])];
    case 'reducing':
      return descriptor.reduce(left, right);
    case 'aggregating':
      return descriptor.aggregate.merge(left, right);
    default:
      return left;
  }
}

class CellValue implements ValueState<unknown> {
  constructor(
    private readonly descriptor: ValueStateDescriptor<unknown>,
    private readonly cell: StateCell,
  ) {}

  value(): unknown {
    return copied(this.cell.read() ?? this.descriptor.defaultValue);
  }

  update(value: unknown): void {
    if (value == null) this.cell.clear();
    else this.cell.write(value);
  }

  clear(): void {
    this.cell.clear();
  }
}

class CellList implements ListState<unknown> {
  constructor(private readonly cell: StateCell) {}

  get(): readonly unknown[] {
    return (this.cell.read() as unknown[] | undefined) ?? [];
  }

  add(value: unknown): void {
    this.cell.write([...this.get(), value]);
  }

  addAll(values: Iterable<unknown>): void {
    this.update([...this.get(), ...values]);
  }

  update(values: Iterable<unknown>): void {
    const list = [...values];
    if (list.length === 0) this.cell.clear();
    else this.cell.write(list);
  }

  clear(): void {
    this.cell.clear();
  }
}

class CellMap implements MapState<unknown, unknown> {
  constructor(private readonly cell: StateCell) {}

  get empty(): boolean {
    return this.#map.size === 0;
  }

  get(key: unknown): unknown {
    return this.#map.get(key);
  }

  has(key: unknown): boolean {
    return this.#map.has(key);
  }

  put(key: unknown, value: unknown): void {
    this.#write(new Map(this.#map).set(key, value));
  }

  putAll(entries: Iterable<readonly [unknown, unknown]>): void {
    this.#write(new Map([...this.#map, ...entries]));
  }

  remove(key: unknown): void {
    const map = new Map(this.#map);
    if (map.delete(key)) this.#write(map);
  }

  keys(): Iterable<unknown> {
    return this.#map.keys();
  }

  values(): Iterable<unknown> {
    return this.#map.values();
  }

  entries(): Iterable<[unknown, unknown]> {
    return this.#map.entries();
  }

  clear(): void {
    this.cell.clear();
  }

  get #map(): ReadonlyMap<unknown, unknown> {
    return (this.cell.read() as Map<unknown, unknown> | undefined) ?? new Map<unknown, unknown>();
  }

  #write(map: Map<unknown, unknown>): void {
    if (map.size === 0) this.cell.clear();
    else this.cell.write(map);
  }
}

class CellReducing implements ReducingState<unknown> {
  constructor(
    private readonly descriptor: ReducingStateDescriptor<unknown>,
    private readonly cell: StateCell,
  ) {}

  get(): unknown {
    return this.cell.read();
  }

  add(value: unknown): void {
    const before = this.cell.read();
    this.cell.write(before === undefined ? value : this.descriptor.reduce(before, value));
  }

  clear(): void {
    this.cell.clear();
  }
}

class CellAggregating implements AggregatingState<unknown, unknown> {
  constructor(
    private readonly descriptor: AggregatingStateDescriptor<unknown, unknown, unknown>,
    private readonly cell: StateCell,
  ) {}

  get(): unknown {
    const accumulator = this.cell.read();
    return accumulator === undefined ? undefined : this.descriptor.aggregate.getResult(copied(accumulator));
  }

  add(value: unknown): void {
    const { aggregate } = this.descriptor;
    const before = this.cell.read();
    this.cell.write(aggregate.add(value, before === undefined ? aggregate.createAccumulator() : before));
  }

  clear(): void {
    this.cell.clear();
  }
}
