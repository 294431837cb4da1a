import { keyIdentity } from '#core';
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
import type {
  KeyedSnapshot,
  KeyedStateBackend,
  Namespace,
  NamespacedSpec,
  NamespacedState,
  NamespaceTable,
  TableCursor,
  TimedLists,
  TimedListsSpec,
  TimerTable,
} from '../../runtime/state/keyed-state-backend.js';
import { NamespacedTimedLists } from '../../runtime/state/namespaced-timed-lists.js';
import type { OperatorListState, OperatorStateStore } from '../../runtime/state/operator-state-store.js';
import { cellState } from '../../runtime/windowing/cell-states.js';

/** Everything that is kept, as plain data: by state, namespace and key. */
export interface PlainState {
  readonly tables: Map<
    string,
    Map<string, { readonly namespace: Namespace; readonly entries: Map<string, [key: unknown, value: unknown]> }>
  >;
  readonly timers: Map<string, Map<string, [time: number, key: unknown]>>;
  readonly lists: Map<string, unknown[]>;
}

export function emptyPlainState(): PlainState {
  return { tables: new Map(), timers: new Map(), lists: new Map() };
}

/** Keyed state in the plainest way, where every value is copied in and out: so who does not give back what it changed is found out. */
export class PlainKeyedBackend implements KeyedStateBackend {
  readonly keyGroups = { first: 0, last: 127 };
  readonly inUse = true;
  readonly slotsStay = true;
  readonly sizeBytes = 0;
  currentKey: unknown;

  constructor(private readonly state: PlainState) {}

  setCurrentKey(key: unknown): void {
    this.currentKey = key;
  }

  namespaced<V>({ name }: NamespacedSpec): NamespacedState<V> {
    return new PlainNamespaced<V>(
      entryOf(this.state.tables, name, () => new Map<string, { readonly namespace: Namespace; readonly entries: PlainEntries }>()),
    );
  }

  timedLists(spec: TimedListsSpec): TimedLists {
    return new NamespacedTimedLists(this, spec);
  }

  timers(name: string): TimerTable {
    const timers = entryOf(this.state.timers, name, () => new Map<string, [number, unknown]>());
    const next = (): [string, [number, unknown]] | undefined => [...timers].sort(([, [a]], [, [b]]) => a - b)[0];
    const nameOf = (time: number): string => `${time} ${String(keyIdentity(this.currentKey))}`;
    return {
      register: (time) => {
        timers.set(nameOf(time), [time, this.currentKey]);
      },
      delete: (time) => {
        timers.delete(nameOf(time));
      },
      get nextTime() {
        return next()?.[1][0] ?? Infinity;
      },
      get size() {
        return timers.size;
      },
      takeDue: (until) => {
        const first = next();
        if (first === undefined || first[1][0] > until) return undefined;
        timers.delete(first[0]);
        this.currentKey = first[1][1];
        return first[1][0];
      },
    };
  }

  valueState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#state(descriptor) as ValueState<T>;
  }

  listState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#state(descriptor) as ListState<T>;
  }

  mapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#state(descriptor) as MapState<K, V>;
  }

  reducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#state(descriptor) as ReducingState<T>;
  }

  aggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O> {
    return this.#state(descriptor) as AggregatingState<I, O>;
  }

  snapshot(): KeyedSnapshot {
    throw new Error('the test copies the plain state');
  }

  confirm(): void {
    // snapshots are the test's affair
  }

  abort(): void {
    // snapshots are the test's affair
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #state(given: unknown): unknown {
    const descriptor = given as Parameters<typeof cellState>[0];
    const table = this.namespaced<unknown>({ name: `state ${descriptor.name}`, kind: descriptor.kind, type: undefined }).table(0);
    return cellState(descriptor, {
      read: () => table.get(table.find(this.currentKey)),
      write: (value) => {
        table.set(table.slotOf(this.currentKey), value);
      },
      clear: () => {
        const slot = table.find(this.currentKey);
        if (slot >= 0) table.remove(slot);
      },
    });
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

type PlainEntries = Map<string, [key: unknown, value: unknown]>;

class PlainNamespaced<V> implements NamespacedState<V> {
  readonly #tables = new Map<string, PlainTable<V>>();

  constructor(private readonly kept: Map<string, { readonly namespace: Namespace; readonly entries: PlainEntries }>) {}

  table(namespace: Namespace): NamespaceTable<V> {
    const name = String(namespace);
    const { entries } = entryOf(this.kept, name, () => ({ namespace, entries: new Map<string, [unknown, unknown]>() }));
    return entryOf(this.#tables, name, () => new PlainTable<V>(entries));
  }

  existing(namespace: Namespace): NamespaceTable<V> | undefined {
    return this.kept.has(String(namespace)) ? this.table(namespace) : undefined;
  }

  drop(namespace: Namespace): void {
    this.kept.delete(String(namespace));
    this.#tables.delete(String(namespace));
  }

  namespaces(): Iterable<Namespace> {
    return [...this.kept.values()].map(({ namespace }) => namespace);
  }
}

class PlainTable<V> implements NamespaceTable<V> {
  readonly #names: (string | undefined)[];

  constructor(private readonly entries: PlainEntries) {
    this.#names = [...entries.keys()];
  }

  get size(): number {
    return this.entries.size;
  }

  slotOf(key: unknown): number {
    const known = this.find(key);
    if (known >= 0) return known;
    const name = String(keyIdentity(key));
    this.entries.set(name, [key, undefined]);
    return this.#names.push(name) - 1;
  }

  find(key: unknown): number {
    return this.#names.indexOf(String(keyIdentity(key)));
  }

  get(slot: number): V | undefined {
    return structuredClone(this.entries.get(this.#names[slot] ?? '')?.[1]) as V | undefined;
  }

  set(slot: number, value: V): void {
    const entry = this.entries.get(this.#names[slot] ?? '');
    if (entry === undefined) throw new Error('the slot was removed');
    entry[1] = structuredClone(value);
  }

  remove(slot: number): void {
    this.entries.delete(this.#names[slot] ?? '');
    this.#names[slot] = undefined;
  }

  keyAt(slot: number): unknown {
    return this.entries.get(this.#names[slot] ?? '')?.[0];
  }

  cursor(): TableCursor<V> {
    let at = -1;
    const here = (): [unknown, unknown] | undefined => this.entries.get(this.#names[at] ?? '');
    const value = (): V => this.get(at) as V;
    return {
      next: () => {
        do at++;
        while (at < this.#names.length && here() === undefined);
        return at < this.#names.length;
      },
      get slot() {
        return at;
      },
      get key() {
        return here()?.[0];
      },
      get value() {
        return value();
      },
    };
  }
}

/** Operator state as plain lists. */
export function plainOperatorState({ lists }: PlainState): OperatorStateStore {
  return {
    list: <T>(name: string): OperatorListState<T> => ({
      get: () => (lists.get(name) ?? []) as T[],
      add: (value) => {
        entryOf(lists, name, () => []).push(value);
      },
      addAll: (values) => {
        entryOf(lists, name, () => []).push(...values);
      },
      update: (values) => {
        lists.set(name, [...values]);
      },
      clear: () => {
        lists.delete(name);
      },
    }),
    snapshot: () => () => Promise.resolve({}),
  };
}
