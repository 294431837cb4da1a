import { invariant } from '#core';
import type { BlockCache } from './block-cache.js';
import type { EntryFilter } from './compaction.js';
import { ENTRY_BYTES } from './flush.js';
import { type GroupLength, hashBytes, noGroups } from './key-bytes.js';
import { Maintenance } from './maintenance.js';
import { Memtable, NO_NODE } from './memtable.js';
import type { NewFiles } from './run-writer.js';
import type { Run } from './run.js';
import { FoundValue, Lookup } from './sorted-file.js';
import { StoreCursor, type StoreState } from './store-cursor.js';
import { StoreSnapshot } from './store-snapshot.js';

/** Maintenance is done for so many bytes put at a time: a fraction of a ms. */
const SLICE_BYTES = 16 * 1024;
/** A memtable more would take memory that nobody has counted. */
const MOST_FROZEN = 4;
const FLUSH_AT_ONCE_BYTES = 1024 * 1024;

export interface LsmStoreOptions {
  /** Where new files go. */
  readonly newFiles: Omit<NewFiles, 'groupLength'>;
  /** May be shared with other stores of the thread. */
  readonly cache: BlockCache;
  /** Of one memtable. Usually there are two, at most five. */
  readonly memtableBytes: number;
  /** Which keys are scanned together; none by default. */
  readonly groupLength?: GroupLength;
  /** Entries for which it answers false may vanish at any time; by default all are needed. */
  readonly needed?: EntryFilter;
  /** Called when a snapshot that has begun has to end at once. */
  readonly endLate?: () => void;
}

/**
 * A log-structured merge tree: keys and values are bytes, keys in the order of their bytes. What is put goes to a memtable; full memtables
 * become sorted files, which are merged in the background of the puts. Everything is synchronous.
 *
 * ```
 *  put ─▶ memtable ─full─▶ frozen memtables ─▶ run ─▶ run ─▶ … ─▶ run (oldest)
 *  get ─▶    1st               2nd              3rd: bloom filter, index, block (cache or file)
 * ```
 * There is no log of the puts: what is to survive is in a snapshot. A put costs a bounded amount of maintenance, at most about a ms.
 * After Patrick O'Neil et al., The Log-Structured Merge-Tree (1996).
 *
 * Every operation may throw `StateFileWriteError`, `StateFileReadError` or `DamagedStateFileError`; the store is of no use afterwards.
 */
export class LsmStore implements StoreState {
  /** Where the value is that `get` found: valid until the next operation. */
  readonly found = new FoundValue();
  readonly #maintenance: Maintenance;
  readonly #groupLength: GroupLength;
  #active: Memtable;
  /** Takes what a snapshot that has begun is still to hold; older than the active one. */
  #late: Memtable | undefined;
  #spare: Memtable | undefined;
  #debt = 0;

  constructor(private readonly options: LsmStoreOptions) {
    this.#groupLength = options.groupLength ?? noGroups;
    const target = { ...options.newFiles, groupLength: this.#groupLength };
    this.#maintenance = new Maintenance(target, options.needed ?? (() => true), (table) => this.#recycle(table));
    this.#active = this.#newMemtable(options.memtableBytes);
  }

  /** Whether there is a value; `found` then says where. */
  get(key: Uint8Array, from = 0, to = key.length): boolean {
    const hash = hashBytes(key, from, to);
    const node = this.#active.find(hash, key, from, to);
    if (node !== NO_NODE) return this.#foundIn(this.#active, node);
    const late = this.#late?.find(hash, key, from, to) ?? NO_NODE;
    if (late !== NO_NODE) return this.#foundIn(this.#late!, late);
    for (const { table } of this.#maintenance.frozen) {
      const older = table.find(hash, key, from, to);
      if (older !== NO_NODE) return this.#foundIn(table, older);
    }
    return this.#findInRuns(hash, key, from, to);
  }

  put(key: Uint8Array, from: number, to: number, value: Uint8Array, valueFrom: number, valueTo: number): void {
    const hash = hashBytes(key, from, to);
    if (!this.#active.put(hash, key, from, to, value, valueFrom, valueTo)) {
      this.#switchMemtable(Memtable.bytesFor(to - from, valueTo - valueFrom));
      this.#active.put(hash, key, from, to, value, valueFrom, valueTo);
    }
    this.#pay(ENTRY_BYTES + valueTo - valueFrom);
  }

  delete(key: Uint8Array, from = 0, to = key.length): void {
    const hash = hashBytes(key, from, to);
    if (!this.#active.delete(hash, key, from, to)) {
      this.#switchMemtable(Memtable.bytesFor(to - from, 0));
      this.#active.delete(hash, key, from, to);
    }
    this.#pay(ENTRY_BYTES);
  }

  /**
   * Begins a snapshot: what is put from now on is not part of it. What was changed before, but is put only now, is to be put by `putLate`
   * and `deleteLate`, until `endSnapshot`. Takes no time.
   */
  beginSnapshot(): void {
    invariant(this.#late === undefined, 'a snapshot ends before the next one begins');
    this.#late = this.#active;
    this.#active = this.#takeMemtable(0);
    this.#maintenance.version++;
  }

  putLate(key: Uint8Array, from: number, to: number, value: Uint8Array, valueFrom: number, valueTo: number): void {
    const hash = hashBytes(key, from, to);
    if (!this.#late!.put(hash, key, from, to, value, valueFrom, valueTo)) {
      this.#switchLate(Memtable.bytesFor(to - from, valueTo - valueFrom));
      this.#late!.put(hash, key, from, to, value, valueFrom, valueTo);
    }
    this.#pay(ENTRY_BYTES + valueTo - valueFrom);
  }

  deleteLate(key: Uint8Array, from = 0, to = key.length): void {
    const hash = hashBytes(key, from, to);
    if (!this.#late!.delete(hash, key, from, to)) {
      this.#switchLate(Memtable.bytesFor(to - from, 0));
      this.#late!.delete(hash, key, from, to);
    }
    this.#pay(ENTRY_BYTES);
  }

  /** What the store held when the snapshot began. Its last part is yet to be written out: call `workOnFlush` until it is. */
  endSnapshot(): StoreSnapshot {
    const late = this.#late!;
    this.#late = undefined;
    if (late.count > 0) this.#maintenance.freeze(late);
    else this.#recycle(late);
    const { frozen, runs } = this.#maintenance;
    for (const memtable of frozen) memtable.await();
    return new StoreSnapshot(
      frozen,
      runs.map((run) => run.retain()),
    );
  }

  /** The entries whose keys begin with the prefix, in order. The store may be changed meanwhile: see {@link StoreCursor}. */
  scan(prefix: Uint8Array): StoreCursor {
    return new StoreCursor(this, prefix, undefined);
  }

  /** As {@link scan}, of a prefix that is a whole group: memtables and files without the group are passed over. */
  scanGroup(group: Uint8Array): StoreCursor {
    return new StoreCursor(this, group, hashBytes(group, 0, group.length));
  }

  /** Does maintenance, as if so many bytes had been put, without waiting for puts. */
  work(bytes: number): void {
    this.#maintenance.work(bytes);
  }

  /** Writes out about so many bytes of full memtables. */
  workOnFlush(bytes: number): void {
    this.#maintenance.workOnFlush(bytes);
  }

  /** Whether there is no maintenance to do. */
  get idle(): boolean {
    return this.#maintenance.idle;
  }

  /** What the store holds now: see {@link endSnapshot}. */
  snapshot(): StoreSnapshot {
    this.beginSnapshot();
    return this.endSnapshot();
  }

  /** Takes runs over, as older than everything there is; newest first. They belong to the store from then on. */
  adopt(runs: readonly Run[]): void {
    this.#maintenance.adopt(runs);
  }

  /** Newest first. */
  get runs(): readonly Run[] {
    return this.#maintenance.runs;
  }

  /** Newest first. */
  get tables(): readonly Memtable[] {
    return [this.#active, ...(this.#late === undefined ? [] : [this.#late]), ...this.#maintenance.frozen.map(({ table }) => table)];
  }

  /** Another one when tables or runs have become others. */
  get version(): number {
    return this.#maintenance.version;
  }

  /** Bytes in memory: memtables, filters and indexes; not the cache. */
  get memoryBytes(): number {
    const { frozen, runs } = this.#maintenance;
    const tables = frozen.reduce((sum, { table }) => sum + table.usedBytes, this.#active.usedBytes);
    return runs.reduce((sum, { files }) => sum + files.reduce((bytes, file) => bytes + file.memoryBytes, 0), tables);
  }

  /** Bytes of files now, and of all that were written. */
  get fileBytes(): { readonly live: number; readonly flushed: number; readonly compacted: number } {
    const { runs, flushedBytes, compactedBytes } = this.#maintenance;
    return { live: runs.reduce((sum, run) => sum + run.sizeBytes, 0), flushed: flushedBytes, compacted: compactedBytes };
  }

  /** Removes the files that no snapshot needs. */
  close(): void {
    this.#maintenance.close();
    this.#active = this.#newMemtable(0);
    this.#late = undefined;
    this.#spare = undefined;
  }

  #foundIn(table: Memtable, node: number): boolean {
    if (table.deleted(node)) return false;
    this.found.bytes = table.bytes;
    this.found.start = table.valueStart(node);
    this.found.end = table.valueEnd(node);
    return true;
  }

  #findInRuns(hash: number, key: Uint8Array, from: number, to: number): boolean {
    const { runs } = this.#maintenance;
    for (let i = 0; i < runs.length; i++) {
      const lookup = runs[i]!.get(hash, key, from, to, this.options.cache, this.found);
      if (lookup !== Lookup.missing) return lookup === Lookup.found;
    }
    return false;
  }

  #pay(bytes: number): void {
    this.#debt += bytes;
    if (this.#debt < SLICE_BYTES) return;
    this.#maintenance.work(this.#debt);
    this.#debt = 0;
  }

  /** @param bytesNeeded by the entry that found no room. */
  #switchMemtable(bytesNeeded: number): void {
    // Memtables are frozen in the order of their age.
    if (this.#late !== undefined) this.options.endLate?.();
    invariant(this.#late === undefined, 'a snapshot ends when the memtable behind it is full');
    if (this.#active.count > 0) this.#maintenance.freeze(this.#active);
    this.#active = this.#takeMemtable(bytesNeeded);
  }

  #switchLate(bytesNeeded: number): void {
    this.#maintenance.freeze(this.#late!);
    this.#late = this.#takeMemtable(bytesNeeded);
  }

  #takeMemtable(bytesNeeded: number): Memtable {
    while (this.#maintenance.frozen.length > MOST_FROZEN) this.#maintenance.workOnFlush(FLUSH_AT_ONCE_BYTES);
    const spare = bytesNeeded <= this.options.memtableBytes ? this.#spare : undefined;
    if (spare !== undefined) this.#spare = undefined;
    return spare ?? this.#newMemtable(Math.max(bytesNeeded, this.options.memtableBytes));
  }

  #recycle(table: Memtable): void {
    if (this.#spare !== undefined || table.capacity !== this.options.memtableBytes) return;
    table.clear();
    this.#spare = table;
  }

  #newMemtable(bytes: number): Memtable {
    return new Memtable(bytes, this.#groupLength);
  }
}
