/** State of the current key: of the record, or of the timer, that is being processed. */
export interface State {
  /** Forgets what is kept for the current key. */
  clear(): void;
}

/** One value a key. */
export interface ValueState<T> extends State {
  /**
   * The value as it was last given to `update`; what the descriptor has by default, or undefined, when there is none. It is a copy or
   * must be
   * treated as one: a change counts when it is given to `update`.
   */
  value(): T | undefined;
  /** Keeps the value; undefined and null are the same as `clear`. */
  update(value: T | null | undefined): void;
}

/** State that takes values in, and gives out what has become of them. */
export interface AppendingState<I, O> extends State {
  /** Undefined when nothing was added. */
  get(): O | undefined;
  add(value: I): void;
}

/** A list a key. */
export interface ListState<T> extends AppendingState<T, Iterable<T>> {
  /** The elements in the order they were added; empty when there are none. */
  get(): readonly T[];
  addAll(values: Iterable<T>): void;
  /** Replaces the list. */
  update(values: Iterable<T>): void;
}

/** A map a key. Entries are found and changed one by one, so that a map may be large. */
export interface MapState<K, V> extends State {
  get(key: K): V | undefined;
  has(key: K): boolean;
  put(key: K, value: V): void;
  putAll(entries: Iterable<readonly [K, V]>): void;
  remove(key: K): void;
  readonly empty: boolean;
  keys(): Iterable<K>;
  values(): Iterable<V>;
  entries(): Iterable<[K, V]>;
}

/** Values reduced to one of the same type as they are added. */
export type ReducingState<T> = AppendingState<T, T>;

/** Values aggregated as they are added; `get` answers the result. */
export type AggregatingState<I, O> = AppendingState<I, O>;
