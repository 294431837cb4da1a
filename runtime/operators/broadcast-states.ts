import { keyIdentity, type KeyIdentity } from '#core';
import type { BroadcastState, MapStateDescriptor } from '#api';
import type { OperatorListState, OperatorStateStore } from '../state/operator-state-store.js';

type Entry = readonly [key: unknown, value: unknown];

/** A map in memory; its entries are put into the operator's state when a snapshot is taken. */
class HeapBroadcastState implements BroadcastState<unknown, unknown> {
  readonly #entries = new Map<KeyIdentity, Entry>();
  #changed = false;

  constructor(private readonly list: OperatorListState<Entry>) {
    for (const entry of list.get()) this.#entries.set(keyIdentity(entry[0]), entry);
  }

  get(key: unknown): unknown {
    return this.#entries.get(keyIdentity(key))?.[1];
  }

  has(key: unknown): boolean {
    return this.#entries.has(keyIdentity(key));
  }

  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  put(key: unknown, value: unknown): void {
    this.#changed = true;
    this.#entries.set(keyIdentity(key), [key, value]);
  }

  putAll(entries: Iterable<Entry>): void {
    for (const [key, value] of entries) this.put(key, value);
  }

  remove(key: unknown): void {
    this.#changed = true;
    this.#entries.delete(keyIdentity(key));
  }

  clear(): void {
    this.#changed = true;
    this.#entries.clear();
  }

  save(): void {
    if (this.#changed) this.list.update(this.#entries.values());
    this.#changed = false;
  }
}

const STATES_OF = new WeakMap<OperatorStateStore, BroadcastStates>();

/** The broadcast states of one operator in one subtask: the same ones for the operator and its function. */
export class BroadcastStates {
  readonly #states = new Map<string, HeapBroadcastState>();

  private constructor(private readonly store: OperatorStateStore) {}

  static of(store: OperatorStateStore): BroadcastStates {
    const known = STATES_OF.get(store) ?? new BroadcastStates(store);
    STATES_OF.set(store, known);
    return known;
  }

  /** The same object each time. */
  get<K, V>({ name }: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    let state = this.#states.get(name);
    if (state === undefined) {
      state = new HeapBroadcastState(this.store.list<Entry>(name, 'broadcast'));
      this.#states.set(name, state);
    }
    return state as BroadcastState<unknown, unknown> as BroadcastState<K, V>;
  }

  /** To be called before the operator's state is encoded. */
  save(): void {
    for (const state of this.#states.values()) state.save();
  }
}
