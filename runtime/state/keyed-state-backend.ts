import type { KeyGroupRange, TypeInfo } from '#core';
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
import type { KeyedStateHandle } from '../checkpoint/handles.js';
import type { SnapshotStorage } from './snapshot-storage.js';

/** What distinguishes tables of one name from each other: windows, by their times. Plain data, few at a time. */
export type Namespace = number | readonly [start: number, end: number];

/**
 * The values of one state in one namespace, a slot a key. Where `slotsStay`, a slot is the key's as long as there is a value; else only
 * the two that were asked for last are valid.
 * `get` answers a value that may be changed and given back by `set`; only what is given to `set` counts.
 */
export interface NamespaceTable<V> {
  /** Keys that have a value or a slot. */
  readonly size: number;
  /** The slot of the key, a new one when it has none. */
  slotOf(key: unknown): number;
  /** The slot of the key, or -1. */
  find(key: unknown): number;
  /** Undefined where nothing was set. */
  get(slot: number): V | undefined;
  set(slot: number, value: V): void;
  remove(slot: number): void;
  keyAt(slot: number): unknown;
  /**
   * Has what keys need that come soon at hand: their slots, or -1 each, until the next call. `slotOf` and `find` are quick for them in
   * the same order. Absent where that is not worth while.
   */
  prefetch?(keys: Float64Array, count: number): Int32Array;
  /** Has keys and values of the slots, of which some may be -1, at hand. Absent where that is not worth while. */
  prefetchSlots?(slots: Int32Array, count: number): void;
  /**
   * Walks keys and values in no particular order: `next` goes to the next entry and answers whether there is one. The table may be changed
   * meanwhile, but only entries that the cursor stands on or has passed may be removed.
   */
  cursor(): TableCursor<V>;
  /** While parts of the values can be had without the whole; to be asked for anew after each `set`. */
  readonly parts?: ValueParts | undefined;
}

/** Parts of values that are arrays: numbers, and a last element. Of a slot that has a value. */
export interface ValueParts {
  has(slot: number): boolean;
  /** The element at a place before the last. */
  number(slot: number, place: number): number;
  last(slot: number): unknown;
  /** Changes the element at a place before the last, and the last; answers false, and changes nothing, when `set` is to be called. */
  change(slot: number, place: number, number: number, last: unknown): boolean;
}

export interface TableCursor<V> {
  next(): boolean;
  readonly slot: number;
  readonly key: unknown;
  readonly value: V;
}

/** Tables of one name, one for each namespace. */
export interface NamespacedState<V> {
  /** The table of the namespace, made when it is missing. The same object until it is dropped. */
  table(namespace: Namespace): NamespaceTable<V>;
  /** The table of the namespace, if there is one. */
  existing(namespace: Namespace): NamespaceTable<V> | undefined;
  /** Forgets the namespace and all in it, at once. */
  drop(namespace: Namespace): void;
  namespaces(): Iterable<Namespace>;
}

export interface NamespacedSpec {
  readonly name: string;
  readonly kind: string;
  /** Of the values; undefined: learnt. */
  readonly type: TypeInfo | undefined;
}

/**
 * A table that an operator keeps itself, for speed: a row a key, which stays. Rows are numbered from 0.
 */
export interface OperatorTable {
  readonly size: number;
  keyAt(row: number): unknown;
  /** What is kept in the row, as plain data of the type given. */
  valueAt(row: number): unknown;
  /** Makes the row of a key that has none, with what was `valueAt`. */
  restore(key: unknown, value: unknown): void;
}

/** Puts the table of an operator into snapshots. */
export interface OperatorRows {
  /** Gives the table back what is restored; from now on snapshots hold it. To be called once, with a table that is still empty. */
  attach(table: OperatorTable): void;
  /** To be called before a row is changed, and for a row that is about to be made. */
  changing(row: number): void;
}

export interface TimedListsSpec {
  /** Of the two lists that each key has. */
  readonly names: readonly [string, string];
  readonly kind: string;
  /** What is kept is put into snapshots by stretches of time of this length; a positive whole number of ms. */
  readonly stretchMs: number;
}

/** One of the two lists of a key. */
export type ListIndex = 0 | 1;

/**
 * Two lists for each key, of values with their times: the records of the sides of a join. Values stay as they were given: nobody may
 * change them afterwards.
 */
export interface TimedLists {
  /** Adds to a list of the current key of the backend; nothing, when the time was dropped. */
  append(list: ListIndex, time: number, value: unknown): void;
  /**
   * Calls back for what a list of the current key has from one time to another, both included, in the order of `append`, or, where state
   * need not fit into memory, in that order for each stretch of time, the earliest first. Nothing may be asked of the lists meanwhile.
   */
  forEach(list: ListIndex, from: number, to: number, call: (value: unknown, time: number) => void): void;
  /** Forgets what is before a time in that list of all keys, at once. */
  dropBefore(list: ListIndex, time: number): void;
}

/** Timers of one time domain: times at which keys want to be called, each pair of time and key once. */
export interface TimerTable {
  /** For the current key of the backend. */
  register(time: number): void;
  delete(time: number): void;
  /** The earliest time; Infinity when there is none. */
  readonly nextTime: number;
  readonly size: number;
  /**
   * Takes one timer whose time is at most `until`, in the order of times, makes its key the current one, and answers its time; undefined
   * when there is none. Timers registered meanwhile are taken too.
   */
  takeDue(until: number): number | undefined;
}

/** The asynchronous part of a snapshot: it goes on, in slices, while records are processed. */
export interface KeyedSnapshot {
  /**
   * Writes everything out. To be called once, right after the synchronous part. It works for a few ms at a time and lets the event loop run
   * in between. Rejects with what went wrong; the snapshot is then given up.
   */
  write(storage: SnapshotStorage): Promise<KeyedStateHandle>;
}

/** Keyed state of one operator in one subtask. Everything on the way of a record is synchronous. */
export interface KeyedStateBackend {
  readonly keyGroups: KeyGroupRange;
  /** Whether any state or timer was asked for: else keys need not be set. */
  readonly inUse: boolean;
  /** Whether slots of tables are good for more than the record at hand; they are not where state need not fit into memory. */
  readonly slotsStay: boolean;
  /** The key that states and timers speak of. Setting costs one probe for all states of the operator. */
  setCurrentKey(key: unknown): void;
  readonly currentKey: unknown;
  /** Has what the states of these keys need at hand. Absent where that is not worth while. */
  prefetch?(keys: Float64Array, count: number): void;

  /** Throws `StateMigrationError`, `DuplicateStateError` (user). The same for all: one state a name. */
  valueState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  listState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  mapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  reducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  aggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
  /**
   * The keys that have something in the state of that name, in no particular order; each is the current key while it is at hand, when its
   * state may be changed. Absent where the backend cannot tell.
   */
  keysOf?(state: string): Iterable<unknown>;
  namespaced<V>(spec: NamespacedSpec): NamespacedState<V>;
  /** Throws what states do. To be asked for once. */
  timedLists(spec: TimedListsSpec): TimedLists;
  timers(name: string): TimerTable;
  /** For an operator that keeps a table of its own, in memory; absent where state need not fit there. */
  operatorRows?(spec: NamespacedSpec): OperatorRows;

  /**
   * The synchronous part of a snapshot, well under a ms: from now on changes are kept apart from what is to be written.
   * `full`: all entries; else those that changed since the last confirmed snapshot, with the segments before them.
   */
  snapshot(checkpointId: number, options: { readonly full: boolean }): KeyedSnapshot;
  /** The checkpoint is complete: later snapshots build on it. */
  confirm(checkpointId: number): void;
  /** The checkpoint will never be complete: what it had marked as written is to be written again. */
  abort(checkpointId: number): void;
  /** Bytes that the state takes in memory, as far as they are known. */
  readonly sizeBytes: number;
  close(): Promise<void>;
}
