import type { TypedInfo } from '#core';
import type { AggregateFunction, ReduceFunction } from '../functions/functions.js';
import type { StateTtl } from './ttl.js';

/** What an operator keeps for each key: under which name, of which type, for how long. Names are unique within an operator. */
export abstract class StateDescriptor<T> {
  #ttl: StateTtl | undefined;
  #queryableName: string | undefined;

  /** @param type of what is kept; without it, that is learnt from the first values. */
  constructor(
    readonly name: string,
    readonly type?: TypedInfo<T>,
  ) {}

  get ttl(): StateTtl | undefined {
    return this.#ttl;
  }

  get queryableName(): string | undefined {
    return this.#queryableName;
  }

  enableTimeToLive(ttl: StateTtl): this {
    this.#ttl = ttl;
    return this;
  }

  /** The name under which the state may be queried from outside. */
  setQueryable(name: string): this {
    this.#queryableName = name;
    return this;
  }
}

/** One value a key. */
export class ValueStateDescriptor<T> extends StateDescriptor<T> {
  readonly kind = 'value';

  /** @param defaultValue what `value()` answers where nothing is kept. */
  constructor(
    name: string,
    type?: TypedInfo<T>,
    readonly defaultValue?: T,
  ) {
    super(name, type);
  }
}

/** A list a key; the type is that of its elements. */
export class ListStateDescriptor<T> extends StateDescriptor<T> {
  readonly kind = 'list';
}

/** A map a key; the type is that of its values. */
export class MapStateDescriptor<K, V> extends StateDescriptor<V> {
  readonly kind = 'map';

  constructor(
    name: string,
    readonly mapKeyType?: TypedInfo<K>,
    valueType?: TypedInfo<V>,
  ) {
    super(name, valueType);
  }
}

/** Values reduced to one as they are added. */
export class ReducingStateDescriptor<T> extends StateDescriptor<T> {
  readonly kind = 'reducing';

  constructor(
    name: string,
    readonly reduce: ReduceFunction<T>,
    type?: TypedInfo<T>,
  ) {
    super(name, type);
  }
}

/** Values aggregated as they are added; the type is that of the accumulator. */
export class AggregatingStateDescriptor<I, A, O> extends StateDescriptor<A> {
  readonly kind = 'aggregating';

  constructor(
    name: string,
    readonly aggregate: AggregateFunction<I, A, O>,
    accumulatorType?: TypedInfo<A>,
  ) {
    super(name, accumulatorType);
  }
}
