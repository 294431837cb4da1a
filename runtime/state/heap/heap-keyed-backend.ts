import type { Clock, KeyGroupRange } from '#core';
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from '#api';
import type { KeyedBackendRequest } from '../create-keyed-backend.js';
import type {
  KeyedSnapshot,
  KeyedStateBackend,
  NamespacedSpec,
  NamespacedState,
  OperatorRows,
  TimedLists,
  TimedListsSpec,
  TimerTable,
} from '../keyed-state-backend.js';
import { CurrentKey } from './current-key.js';
import { Expiry } from './expiry.js';
import { HeapListState, ExpiringListState } from './heap-list-state.js';
import { HeapMapState } from './heap-map-state.js';
import { HeapAggregatingState, HeapReducingState, HeapValueState } from './heap-single-states.js';
import { HeapSnapshot } from './heap-snapshot.js';
import { HeapStates } from './heap-states.js';
import type { ValuesKind, ValuesSpec } from './kept-values.js';
import { KeyDirectory } from './key-directory.js';
import type { MapColumn } from './map-column.js';
import { restoreStates } from './restore-states.js';
import type { SlotColumn } from './slot-column.js';
import { SnapshotHistory } from './snapshot-history.js';
import { type Cell, ExpiringCell, ValueCell } from './value-cell.js';

/**
 * Keyed state in memory. Values of declared types are numbers in columns or bytes in an arena, others made of a few numbers are rows of
 * these: both are made anew by each read. All else is kept as it is given, and what is read is the value itself.
 */
export class HeapKeyedBackend implements KeyedStateBackend {
  readonly slotsStay = true;
  readonly keyGroups: KeyGroupRange;
  readonly #maxParallelism: number;
  readonly #clock: Clock;
  readonly #keys: KeyDirectory;
  readonly #current: CurrentKey;
  readonly #states: HeapStates;
  readonly #history = new SnapshotHistory();
  #running: HeapSnapshot | undefined;
  #rounds = 0;

  /** Without what is restored: see {@link HeapKeyedBackend.create}. */
  constructor(request: Omit<KeyedBackendRequest, 'restored' | 'reader'>) {
    this.keyGroups = request.keyGroups;
    this.#maxParallelism = request.maxParallelism;
    this.#clock = request.clock;
    this.#keys = new KeyDirectory(request.maxParallelism);
    this.#current = new CurrentKey(this.#keys);
    this.#states = new HeapStates(request.operatorName, request.maxParallelism, this.#keys, this.#current, request.clock);
  }

  /** With what is restored. Throws `DamagedStateError`, `StateMigrationError`. */
  static async create(request: KeyedBackendRequest): Promise<HeapKeyedBackend> {
    const backend = new HeapKeyedBackend(request);
    const { keyGroups, reader } = request;
    for (const handle of request.restored) {
      await restoreStates(handle, keyGroups, reader, (meta) => backend.#states.restored(meta));
    }
    return backend;
  }

  get inUse(): boolean {
    return !this.#states.none;
  }

  get currentKey(): unknown {
    return this.#current.key;
  }

  setCurrentKey(key: unknown): void {
    this.#current.set(key);
  }

  prefetch(keys: Float64Array, count: number): void {
    this.#states.prefetch(this.#keys.findAll(keys, count), count);
  }

  valueState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#state(
      'value',
      descriptor,
      () => new HeapValueState(this.#cell('value', descriptor), descriptor.defaultValue),
    ) as ValueState<T>;
  }

  listState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#state('list', descriptor, () => {
      const column = this.#column('list', descriptor) as SlotColumn;
      const expiry = this.#expiryOf(descriptor);
      return expiry === undefined ? new HeapListState(this.#current, column) : new ExpiringListState(this.#current, column, expiry);
    }) as ListState<T>;
  }

  mapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#state('map', descriptor, () => {
      const column = this.#column('map', descriptor, descriptor) as MapColumn;
      return new HeapMapState(this.#current, column, this.#expiryOf(descriptor));
    }) as MapState<K, V>;
  }

  reducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    const { reduce } = descriptor as ReducingStateDescriptor<unknown>;
    return this.#state('reducing', descriptor, () => new HeapReducingState(this.#cell('reducing', descriptor), reduce)) as ReducingState<T>;
  }

  aggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O> {
    const { aggregate } = descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>;
    return this.#state('aggregating', descriptor, () => {
      return new HeapAggregatingState(this.#cell('aggregating', descriptor), aggregate);
    }) as AggregatingState<I, O>;
  }

  *keysOf(state: string): Iterable<unknown> {
    const kept = this.#states.find(state);
    if (kept === undefined) return;
    for (let slot = 0; slot < this.#keys.end; slot++) {
      if (!kept.has(slot)) continue;
      this.#current.moveTo(slot);
      yield this.#current.key;
    }
  }

  namespaced<V>(spec: NamespacedSpec): NamespacedState<V> {
    return this.#states.namespaced(spec) as NamespacedState<unknown> as NamespacedState<V>;
  }

  timedLists(spec: TimedListsSpec): TimedLists {
    return this.#states.timedLists(spec);
  }

  timers(name: string): TimerTable {
    return this.#states.timers(name);
  }

  operatorRows(spec: NamespacedSpec): OperatorRows {
    return this.#states.rows(spec);
  }

  snapshot(checkpointId: number, { full }: { readonly full: boolean }): KeyedSnapshot {
    this.#running?.hurry();
    const base = full ? undefined : this.#history.next();
    const round = ++this.#rounds;
    const snapshot = new HeapSnapshot({
      checkpointId,
      round,
      whole: base === undefined,
      base: !full,
      segments: base ?? [],
      states: this.#states.metas(),
      parts: this.#states.parts(),
      keyed: { keyGroups: this.keyGroups, maxParallelism: this.#maxParallelism, keyType: undefined },
      clock: this.#clock,
      ended: (handle) => {
        if (this.#running === snapshot) this.#running = undefined;
        if (handle !== undefined && !full) this.#history.wrote(checkpointId, round, handle.segments);
      },
    });
    this.#running = snapshot;
    return snapshot;
  }

  confirm(checkpointId: number): void {
    const round = this.#history.confirm(checkpointId);
    if (round === undefined) return;
    for (const part of this.#states.parts()) part.confirm(checkpointId, round);
  }

  abort(checkpointId: number): void {
    if (this.#running?.checkpointId === checkpointId) this.#running.abandon();
    this.#history.abort(checkpointId);
    for (const part of this.#states.parts()) part.abort(checkpointId);
  }

  /** Objects cannot be weighed: what the last snapshot of all of it took, encoded. */
  get sizeBytes(): number {
    return this.#history.sizeBytes;
  }

  close(): Promise<void> {
    this.#running?.abandon();
    return Promise.resolve();
  }

  /** The state of the descriptor, made when it is asked for first. */
  #state(kind: ValuesKind, descriptor: StateDescriptor<unknown>, make: () => object): object {
    return this.#states.asked(specOf(kind, descriptor), make);
  }

  #cell(kind: ValuesKind, descriptor: StateDescriptor<unknown>): Cell {
    const column = this.#column(kind, descriptor) as SlotColumn;
    const expiry = this.#expiryOf(descriptor);
    return expiry === undefined ? new ValueCell(this.#current, column) : new ExpiringCell(this.#current, column, expiry);
  }

  #column(kind: ValuesKind, descriptor: StateDescriptor<unknown>, map?: MapStateDescriptor<unknown, unknown>): SlotColumn | MapColumn {
    return this.#states.values(specOf(kind, descriptor, map)).column;
  }

  #expiryOf({ ttl }: StateDescriptor<unknown>): Expiry | undefined {
    return ttl === undefined || ttl.updateType === 'Disabled' ? undefined : new Expiry(ttl, this.#clock);
  }
}

function specOf(kind: ValuesKind, descriptor: StateDescriptor<unknown>, map?: MapStateDescriptor<unknown, unknown>): ValuesSpec {
  const { name, type, ttl } = descriptor;
  return { name, kind, type, subKeyType: map?.mapKeyType, expires: ttl !== undefined && ttl.updateType !== 'Disabled' };
}
