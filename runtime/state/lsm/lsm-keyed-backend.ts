import type { KeyGroupRange } from '#core';
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
import { Expiry } from '../heap/expiry.js';
import { HeapAggregatingState, HeapReducingState, HeapValueState } from '../heap/heap-single-states.js';
import type { Cell } from '../heap/value-cell.js';
import type { Expiring } from '../heap/value-form.js';
import type {
  KeyedSnapshot,
  KeyedStateBackend,
  NamespacedSpec,
  NamespacedState,
  TimedLists,
  TimedListsSpec,
  TimerTable,
} from '../keyed-state-backend.js';
import { NamespacedTimedLists } from '../namespaced-timed-lists.js';
import type { BackendMemory } from './slot-memory.js';
import { CurrentKey } from './current-key.js';
import { entryGroups } from './entry-groups.js';
import { EntryKey, keyGroupAt, PREFIX_BYTES, serialAt, stateAt } from './entry-keys.js';
import { KeyCache } from './key-cache.js';
import { keysInStore } from './keys-in-store.js';
import { LsmListState } from './lsm-list-state.js';
import { LsmMapState } from './lsm-map-state.js';
import { LsmNamespaced, type TableContext } from './lsm-namespaced.js';
import { restore } from './lsm-restore.js';
import { ExpiringLsmCell, LsmCell } from './lsm-single-cells.js';
import type { LsmSpec } from './lsm-spec.js';
import { TIMERS } from './lsm-spec.js';
import type { LsmState } from './lsm-state.js';
import { LsmStates } from './lsm-states.js';
import { LsmStore } from './lsm-store.js';
import { LsmTimers } from './lsm-timers.js';
import { type PendingChanges, SnapshotRounds } from './snapshot-rounds.js';
import { StateDirectory } from './state-directory.js';
import { MapColumn, ValueColumn } from './state-table.js';
import { localStoreFiles, type StoreFiles } from './store-files.js';

export interface LsmBackendOptions {
  /** Of which one gets the files. */
  readonly directories: readonly string[];
  /** Names whose files they are: see `removeStateDirectories`. */
  readonly slot: string;
  readonly memory: BackendMemory;
  readonly files?: StoreFiles;
}

/**
 * Keyed state that may be larger than memory: a write-back cache of values as objects before a log-structured store on local disk. A
 * value that is asked for again costs a probe; one that is not in memory is read at once, synchronously.
 */
export class LsmKeyedBackend implements KeyedStateBackend {
  readonly slotsStay = false;
  readonly keyGroups: KeyGroupRange;
  readonly #store: LsmStore;
  readonly #states: LsmStates;
  readonly #cache: KeyCache;
  readonly #current: CurrentKey;
  readonly #context: TableContext;
  readonly #rounds: SnapshotRounds;
  #inUse = false;

  private constructor(
    private readonly request: KeyedBackendRequest,
    options: LsmBackendOptions,
    private readonly directory: StateDirectory,
  ) {
    const { keyGroups, maxParallelism } = request;
    this.keyGroups = keyGroups;
    this.#states = new LsmStates(request.operatorName);
    this.#store = new LsmStore({
      newFiles: { files: options.files ?? localStoreFiles, nextFile: () => directory.nextFile() },
      cache: options.memory.blockCache,
      memtableBytes: options.memory.memtableBytes,
      groupLength: entryGroups(this.#states),
      needed: (bytes, from) => this.#needed(bytes, from),
      endLate: () => {
        this.#rounds.drainAll();
      },
    });
    const { budget } = options.memory;
    const caches = new Set<PendingChanges>();
    this.#rounds = new SnapshotRounds(this.#store, caches, this.#states, { keyGroups, maxParallelism, keyType: undefined });
    this.#context = {
      store: this.#store,
      key: new EntryKey(maxParallelism),
      epoch: this.#rounds.epoch,
      keyGroups,
      budget,
      caches,
      rounds: this.#rounds,
    };
    this.#cache = new KeyCache(budget);
    caches.add(this.#cache);
    this.#current = new CurrentKey(this.#cache);
  }

  /** With what is restored. Throws `DamagedStateError`, `StateFileWriteError`, `StateMigrationError`. */
  static async create(request: KeyedBackendRequest, options: LsmBackendOptions): Promise<LsmKeyedBackend> {
    const directory = new StateDirectory(options.directories, options.slot);
    const backend = new LsmKeyedBackend(request, options, directory);
    try {
      const { keyGroups, maxParallelism, reader } = request;
      const target = { keyGroups, maxParallelism, reader, directory, store: backend.#store, states: backend.#states };
      await restore(request.restored, target);
      return backend;
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  get inUse(): boolean {
    return this.#inUse || this.#states.all.length > 0;
  }

  get currentKey(): unknown {
    return this.#current.key;
  }

  setCurrentKey(key: unknown): void {
    this.#current.set(key);
  }

  valueState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#asked('value', descriptor, (state, expiry) => {
      return new HeapValueState(this.#cell(state, expiry), descriptor.defaultValue);
    }) as ValueState<T>;
  }

  listState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#asked('list', descriptor, (state, expiry) => {
      if (expiry !== undefined) state.expired = (items) => (items as Expiring[]).every((item) => expiry.isOver(item));
      return new LsmListState(this.#current, this.#values(state), expiry);
    }) as ListState<T>;
  }

  mapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#asked('map', descriptor, (state, expiry) => {
      const column = new MapColumn(this.#context, state.id, state.form);
      this.#cache.addColumn(column);
      return new LsmMapState(this.#current, column, expiry);
    }) as MapState<K, V>;
  }

  reducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    const { reduce } = descriptor as ReducingStateDescriptor<unknown>;
    return this.#asked('reducing', descriptor, (state, expiry) => {
      return new HeapReducingState(this.#cell(state, expiry), reduce);
    }) as ReducingState<T>;
  }

  aggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O> {
    const { aggregate } = descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>;
    return this.#asked('aggregating', descriptor, (state, expiry) => {
      return new HeapAggregatingState(this.#cell(state, expiry), aggregate);
    }) as AggregatingState<I, O>;
  }

  namespaced<V>(spec: NamespacedSpec): NamespacedState<V> {
    const whole = { ...spec, subKeyType: undefined, expires: false };
    return this.#make(whole, (state) => new LsmNamespaced(this.#context, state)) as NamespacedState<unknown> as NamespacedState<V>;
  }

  timedLists(spec: TimedListsSpec): TimedLists {
    return new NamespacedTimedLists(this, spec);
  }

  timers(name: string): TimerTable {
    return this.#make({ name, kind: TIMERS, type: undefined, subKeyType: undefined, expires: false }, (state) => {
      const timers = new LsmTimers(this.#context, this.#current, state);
      timers.restore(this.keyGroups);
      return timers;
    });
  }

  *keysOf(name: string): Iterable<unknown> {
    const state = this.#states.all.find(({ spec }) => spec.name === name);
    if (state === undefined) return;
    this.#cache.writeBack();
    for (const key of keysInStore(this.#store, this.#context.key, state.id, this.keyGroups)) {
      this.#current.set(key);
      yield key;
    }
  }

  snapshot(checkpointId: number, { full }: { readonly full: boolean }): KeyedSnapshot {
    return this.#rounds.begin(checkpointId, full);
  }

  confirm(checkpointId: number): void {
    this.#rounds.confirm(checkpointId);
  }

  abort(checkpointId: number): void {
    this.#rounds.abort(checkpointId);
  }

  get sizeBytes(): number {
    return this.#store.memoryBytes + this.#context.budget.usedBytes;
  }

  /** Bytes of its files on local disk. */
  get fileBytes(): number {
    return this.#store.fileBytes.live;
  }

  async close(): Promise<void> {
    this.#rounds.close();
    this.#context.budget.removeAll(this.#context.caches);
    this.#store.close();
    await this.directory.remove();
  }

  #asked<T extends object>(
    kind: string,
    descriptor: StateDescriptor<unknown> & { readonly mapKeyType?: LsmSpec['subKeyType'] },
    make: (state: LsmState, expiry: Expiry | undefined) => T,
  ): T {
    const { name, type, ttl } = descriptor;
    const expiry = ttl === undefined || ttl.updateType === 'Disabled' ? undefined : new Expiry(ttl, this.request.clock);
    return this.#make({ name, kind, type, subKeyType: descriptor.mapKeyType, expires: expiry !== undefined }, (state) => {
      if (expiry !== undefined) state.expired = (value) => expiry.isOver(value as Expiring);
      return make(state, expiry);
    });
  }

  #make<T extends object>(spec: LsmSpec, make: (state: LsmState) => T): T {
    this.#inUse = true;
    return this.#states.asked(spec, this.request.clock.now(), make);
  }

  #cell(state: LsmState, expiry: Expiry | undefined): Cell {
    const column = this.#values(state);
    return expiry === undefined ? new LsmCell(this.#current, column) : new ExpiringLsmCell(this.#current, column, expiry);
  }

  #values(state: LsmState): ValueColumn {
    const column = new ValueColumn(this.#context, state.id, 0, state.form);
    this.#cache.addColumn(column);
    return column;
  }

  /** Entries of other key groups came with files that were restored whole; those of dropped namespaces were left to compaction. */
  #needed(bytes: Uint8Array, from: number): boolean {
    const keyGroup = keyGroupAt(bytes, from);
    if (keyGroup < this.keyGroups.first || keyGroup > this.keyGroups.last) return false;
    const state = this.#states.byId(stateAt(bytes, from));
    return state?.namespaced !== true || state.needed.has(serialAt(bytes, from + PREFIX_BYTES));
  }
}
