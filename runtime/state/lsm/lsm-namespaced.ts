import type { Namespace, NamespacedState, NamespaceTable, TableCursor } from '../keyed-state-backend.js';
import { PREFIX_BYTES, readKey, SERIAL_BYTES } from './entry-keys.js';
import { type CacheBudget, KeyCache } from './key-cache.js';
import { NO_SLOT } from './key-slots.js';
import type { PendingChanges } from './snapshot-rounds.js';
import type { LsmState } from './lsm-state.js';
import { type ColumnContext, ValueColumn } from './state-table.js';
import type { StoreCursor } from './store-cursor.js';

/** What the tables of a backend share. */
export interface TableContext extends ColumnContext {
  readonly budget: CacheBudget;
  /** Says whether a snapshot has begun and is not in the store yet. */
  readonly rounds: { readonly draining: boolean };
  /** All caches there are, for snapshots. */
  readonly caches: Set<PendingChanges>;
}

/** The tables of one name. */
export class LsmNamespaced implements NamespacedState<unknown> {
  readonly #tables = new Map<number | string, LsmNamespaceTable>();

  constructor(
    private readonly context: TableContext,
    private readonly state: LsmState,
  ) {
    for (const [serial, namespace] of state.namespaces) this.#tables.set(identityOf(namespace), this.#make(serial, namespace, true));
  }

  table(namespace: Namespace): NamespaceTable<unknown> {
    const identity = identityOf(namespace);
    const known = this.#tables.get(identity);
    if (known !== undefined) return known;
    const made = this.#make(this.state.addNamespace(namespace), namespace, false);
    this.#tables.set(identity, made);
    return made;
  }

  existing(namespace: Namespace): NamespaceTable<unknown> | undefined {
    return this.#tables.get(identityOf(namespace));
  }

  /** The entries are left to compaction. */
  drop(namespace: Namespace): void {
    const identity = identityOf(namespace);
    const table = this.#tables.get(identity);
    if (table === undefined) return;
    this.#tables.delete(identity);
    this.state.namespaces.delete(table.serial);
    table.close();
    // A snapshot under way still needs what it had.
    if (!this.context.rounds.draining) this.state.needed.delete(table.serial);
  }

  *namespaces(): Iterable<Namespace> {
    for (const { namespace } of this.#tables.values()) yield namespace;
  }

  #make(serial: number, namespace: Namespace, restored: boolean): LsmNamespaceTable {
    return new LsmNamespaceTable(this.context, this.state, serial, namespace, restored);
  }
}

function identityOf(namespace: Namespace): number | string {
  return typeof namespace === 'number' ? namespace : `${namespace[0]} ${namespace[1]}`;
}

/** The values of one namespace. Slots are those of a cache: the two that were asked for last are valid. */
export class LsmNamespaceTable implements NamespaceTable<unknown> {
  readonly cache: KeyCache;
  readonly column: ValueColumn;
  /** Undefined while it was not counted. */
  #size: number | undefined;
  /** Whether the store had entries when the table was made. */
  readonly #inStore: boolean;

  constructor(
    readonly context: TableContext,
    readonly state: LsmState,
    readonly serial: number,
    readonly namespace: Namespace,
    restored: boolean,
  ) {
    this.cache = new KeyCache(context.budget);
    this.column = new ValueColumn(context, state.id, serial, state.form);
    this.cache.addColumn(this.column);
    context.caches.add(this.cache);
    this.#size = restored ? undefined : 0;
    this.#inStore = restored;
  }

  get size(): number {
    if (this.#size === undefined) {
      this.#size = 0;
      for (const cursor = this.cursor(); cursor.next();) this.#size++;
    }
    return this.#size;
  }

  slotOf(key: unknown): number {
    return this.cache.slotOf(key);
  }

  find(key: unknown): number {
    const known = this.cache.find(key);
    const slot = known === NO_SLOT ? this.cache.add(key) : known;
    return this.get(slot) === undefined && known === NO_SLOT ? NO_SLOT : slot;
  }

  get(slot: number): unknown {
    return this.column.get(slot, this.cache.slots.keyAt(slot));
  }

  set(slot: number, value: unknown): void {
    const key = this.cache.slots.keyAt(slot);
    if (this.#size !== undefined && this.column.get(slot, key) === undefined) this.#size++;
    this.column.set(slot, key, value);
  }

  remove(slot: number): void {
    const key = this.cache.slots.keyAt(slot);
    if (this.column.get(slot, key) === undefined) return;
    if (this.#size !== undefined) this.#size--;
    this.column.set(slot, key, undefined);
  }

  keyAt(slot: number): unknown {
    return this.cache.slots.keyAt(slot);
  }

  cursor(): TableCursor<unknown> {
    if (!this.#inStore && !this.cache.evicted) return new CachedTableCursor(this);
    this.cache.writeBack();
    return new LsmTableCursor(this);
  }

  close(): void {
    if (this.context.rounds.draining) this.cache.writePending(0, Number.MAX_SAFE_INTEGER);
    this.context.caches.delete(this.cache);
    this.cache.close();
  }
}

/** Walks a table that is wholly in memory; until it has come to its end, the table stays there. */
class CachedTableCursor implements TableCursor<unknown> {
  slot = -1;
  value: unknown;

  constructor(private readonly table: LsmNamespaceTable) {
    table.cache.held = true;
  }

  get key(): unknown {
    return this.table.keyAt(this.slot);
  }

  next(): boolean {
    const { cache } = this.table;
    const { slots } = cache;
    while (++this.slot < slots.slotCount) {
      if (!slots.taken(this.slot)) continue;
      this.value = this.table.get(this.slot);
      if (this.value !== undefined) return true;
    }
    cache.held = false;
    return false;
  }
}

/** Walks the entries in the store, key group by key group; what the cache has changed since it began counts. */
class LsmTableCursor implements TableCursor<unknown> {
  key: unknown;
  #cursor: StoreCursor | undefined;
  #keyGroup: number;
  #decoded: unknown;

  constructor(private readonly table: LsmNamespaceTable) {
    this.#keyGroup = table.context.keyGroups.first;
  }

  next(): boolean {
    const { keyGroups } = this.table.context;
    for (; this.#keyGroup <= keyGroups.last; this.#keyGroup++) {
      this.#cursor ??= this.#open();
      while (this.#cursor.next()) if (this.#stand(this.#cursor)) return true;
      this.#cursor = undefined;
    }
    return false;
  }

  get slot(): number {
    return this.table.slotOf(this.key);
  }

  get value(): unknown {
    return this.#decoded;
  }

  #open(): StoreCursor {
    const { context, state, serial } = this.table;
    const prefix = context.key.beginGroup(this.#keyGroup, state.id, serial).written();
    return context.store.scanGroup(Buffer.from(prefix));
  }

  #stand({ entry }: StoreCursor): boolean {
    const { table } = this;
    this.key = readKey(entry.bytes, entry.keyStart + PREFIX_BYTES + SERIAL_BYTES);
    const slot = table.cache.slots.find(this.key);
    this.#decoded = slot === NO_SLOT ? table.state.form.decode(entry.bytes, entry.valueStart, entry.valueEnd) : table.get(slot);
    return this.#decoded !== undefined;
  }
}
