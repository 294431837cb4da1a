import { type KeyGroupRange, keyIdentity } from '#core';
import { detached } from '../detach.js';
import { type EntryKey, keyGroupAt, readKey } from './entry-keys.js';
import type { LsmStore } from './lsm-store.js';
import type { VersionedForm } from './versioned-form.js';

/** Which changes belong to the snapshot under way, and which came after it began. */
export class Epoch {
  /** The mark of what is changed now, and of what was changed before the snapshot and is not written yet. */
  dirty: 2 | 4 = 2;
  pending: 2 | 4 = 4;

  next(): void {
    [this.dirty, this.pending] = [this.pending, this.dirty];
  }
}

/** What the columns of a backend share. */
export interface ColumnContext {
  readonly keyGroups: KeyGroupRange;
  readonly store: LsmStore;
  readonly key: EntryKey;
  readonly epoch: Epoch;
}

/** Files that were restored whole may hold entries of key groups that are not ours. */
function owns({ first, last }: KeyGroupRange, entryKey: Uint8Array): boolean {
  const keyGroup = keyGroupAt(entryKey, 0);
  return keyGroup >= first && keyGroup <= last;
}

/** Marks of a slot or entry besides those of {@link Epoch}. */
const LOADED = 1;

/** What is kept for the slots of a key cache under one state. Everything is written back when it has to be, and not before. */
export interface Column {
  /** The slot is another key's from now on: nothing is known of it. */
  reset(slot: number): void;
  /** Writes what was changed; answers about how many bytes the slot took. */
  writeBack(slot: number, key: unknown): void;
  /** Writes what was changed before the snapshot. */
  writePending(slot: number, key: unknown): void;
  /** About how many bytes a slot takes. */
  readonly slotBytes: number;
}

/** Bytes of a value in memory, by those of its encoded form. */
function memoryBytes(encoded: number): number {
  return 48 + 1.25 * encoded;
}

const PACE = 1 / 64;
/** Each time so many values were set, one is encoded to know how large they are. */
const SETS_A_SAMPLE = 64;

/** Values of a state, decoded once. */
export class ValueColumn implements Column {
  readonly #values: unknown[] = [];
  #marks = new Uint8Array(64);
  #encodedBytes = 32;
  #untilSample = 0;

  constructor(
    private readonly context: ColumnContext,
    private readonly state: number,
    private readonly serial: number,
    private readonly format: VersionedForm,
  ) {}

  get slotBytes(): number {
    return memoryBytes(this.#encodedBytes);
  }

  /** Undefined where there is none. Belongs to the column. */
  get(slot: number, key: unknown): unknown {
    const marks = this.#marks[slot]!;
    if ((marks & LOADED) === 0) return this.#load(slot, key);
    // What is answered may be changed by who asked for it.
    if ((marks & this.context.epoch.pending) !== 0) this.writePending(slot, key);
    return this.#values[slot];
  }

  /** Undefined: there is none any more. */
  set(slot: number, key: unknown, value: unknown): void {
    if ((this.#marks[slot]! & this.context.epoch.pending) !== 0) this.writePending(slot, key);
    this.#values[slot] = typeof value === 'number' ? value : detached(value, this.#values[slot]);
    this.#marks[slot] = LOADED | this.context.epoch.dirty;
    if (--this.#untilSample < 0) this.#sample(value);
  }

  /** The value that `get` answered was changed in place. */
  change(slot: number): void {
    this.#marks[slot] = LOADED | this.context.epoch.dirty;
  }

  reset(slot: number): void {
    if (slot >= this.#marks.length) {
      const larger = new Uint8Array(this.#marks.length * 2);
      larger.set(this.#marks);
      this.#marks = larger;
    }
    this.#marks[slot] = 0;
    this.#values[slot] = undefined;
  }

  writeBack(slot: number, key: unknown): void {
    const marks = this.#marks[slot]!;
    const { dirty, pending } = this.context.epoch;
    if ((marks & (dirty | pending)) === 0) return;
    this.#write(slot, key, (marks & pending) !== 0);
  }

  writePending(slot: number, key: unknown): void {
    if ((this.#marks[slot]! & this.context.epoch.pending) !== 0) this.#write(slot, key, true);
  }

  #sample(value: unknown): void {
    this.#untilSample = SETS_A_SAMPLE;
    if (value !== undefined) this.#encodedBytes += (this.format.encode(value).length - this.#encodedBytes) / 8;
  }

  #load(slot: number, key: unknown): unknown {
    const { store } = this.context;
    const at = this.context.key.begin(key, this.state, this.serial).written();
    let value: unknown;
    if (owns(this.context.keyGroups, at) && store.get(at)) {
      value = this.format.decode(store.found.bytes, store.found.start, store.found.end);
      this.#encodedBytes += (store.found.end - store.found.start - this.#encodedBytes) * PACE;
    }
    this.#values[slot] = value;
    this.#marks[slot] = LOADED;
    return value;
  }

  #write(slot: number, key: unknown, late: boolean): void {
    const { store } = this.context;
    const at = this.context.key.begin(key, this.state, this.serial).written();
    const value = this.#values[slot];
    if (value === undefined) {
      if (late) store.deleteLate(at);
      else store.delete(at);
    } else {
      const bytes = this.format.encode(value);
      this.#encodedBytes += (bytes.length - this.#encodedBytes) * PACE;
      if (late) store.putLate(at, 0, at.length, bytes, 0, bytes.length);
      else store.put(at, 0, at.length, bytes, 0, bytes.length);
    }
    this.#marks[slot] = LOADED;
  }
}

/** Entries of a map in memory at most; when there are more, they are written back. */
const MOST_CACHED = 4096;

/** An entry of a map; `value` counts only when it is `present`. */
export interface MapEntry {
  readonly key: unknown;
  value: unknown;
  present: boolean;
  marks: number;
}

/** What is known of the map of one key. */
interface CachedMap {
  readonly entries: Map<unknown, MapEntry>;
  /** Whether all entries that there are are here. */
  complete: boolean;
}

/** Maps, entry by entry. */
export class MapColumn implements Column {
  readonly #maps: (CachedMap | undefined)[] = [];
  #entriesAMap = 1;
  #encodedBytes = 32;

  constructor(
    private readonly context: ColumnContext,
    private readonly state: number,
    private readonly format: VersionedForm,
  ) {}

  get slotBytes(): number {
    return 96 + this.#entriesAMap * (100 + memoryBytes(this.#encodedBytes));
  }

  /** The entry of the map, present or not. */
  entry(slot: number, key: unknown, mapKey: unknown): MapEntry {
    const map = this.#mapOf(slot, key);
    const identity = keyIdentity(mapKey);
    const known = map.entries.get(identity);
    if (known !== undefined) {
      if ((known.marks & this.context.epoch.pending) !== 0) this.#write(key, known, true);
      return known;
    }
    const entry: MapEntry = { key: detached(mapKey), value: undefined, present: false, marks: 0 };
    if (!map.complete) this.#load(key, entry);
    map.entries.set(typeof identity === 'string' ? detached(identity) : identity, entry);
    return entry;
  }

  set(entry: MapEntry, value: unknown, present: boolean): void {
    entry.value = detached(value, entry.value);
    entry.present = present;
    entry.marks = this.context.epoch.dirty;
  }

  clear(slot: number, key: unknown): void {
    const map = this.#mapOf(slot, key);
    for (const entry of this.entries(slot, key)) this.set(this.entry(slot, key, entry.key), undefined, false);
    if (map.entries.size <= MOST_CACHED) map.complete = true;
  }

  /** The entries that are present; the map may be changed meanwhile. */
  *entries(slot: number, key: unknown): Generator<MapEntry> {
    const map = this.#mapOf(slot, key);
    if (!map.complete && !this.#loadAll(map, key)) {
      yield* this.#stored(map, key);
      return;
    }
    for (const entry of map.entries.values()) {
      if (!entry.present) continue;
      if ((entry.marks & this.context.epoch.pending) !== 0) this.#write(key, entry, true);
      yield entry;
    }
  }

  reset(slot: number): void {
    this.#maps[slot] = undefined;
  }

  writeBack(slot: number, key: unknown): void {
    const map = this.#maps[slot];
    if (map === undefined) return;
    this.#entriesAMap += (map.entries.size - this.#entriesAMap) * PACE;
    this.#writeAll(map, key);
  }

  writePending(slot: number, key: unknown): void {
    const { pending } = this.context.epoch;
    for (const entry of this.#maps[slot]?.entries.values() ?? []) if ((entry.marks & pending) !== 0) this.#write(key, entry, true);
  }

  #writeAll(map: CachedMap, key: unknown): void {
    for (const entry of map.entries.values()) {
      if (entry.marks !== 0) this.#write(key, entry, (entry.marks & this.context.epoch.pending) !== 0);
    }
  }

  #mapOf(slot: number, key: unknown): CachedMap {
    const known = this.#maps[slot];
    if (known !== undefined) {
      if (known.entries.size > MOST_CACHED) {
        this.#writeAll(known, key);
        known.entries.clear();
        known.complete = false;
      }
      return known;
    }
    return (this.#maps[slot] = { entries: new Map(), complete: false });
  }

  #at(key: unknown, entry: MapEntry): Buffer {
    return this.context.key.begin(key, this.state, 0).append(entry.key).written();
  }

  #load(key: unknown, entry: MapEntry): void {
    const { store } = this.context;
    const at = this.#at(key, entry);
    if (!owns(this.context.keyGroups, at) || !store.get(at)) return;
    entry.value = this.format.decode(store.found.bytes, store.found.start, store.found.end);
    entry.present = true;
  }

  #write(key: unknown, entry: MapEntry, late: boolean): void {
    const { store } = this.context;
    const at = this.#at(key, entry);
    entry.marks = 0;
    if (!entry.present) {
      if (late) store.deleteLate(at);
      else store.delete(at);
      return;
    }
    const bytes = this.format.encode(entry.value);
    this.#encodedBytes += (bytes.length - this.#encodedBytes) * PACE;
    if (late) store.putLate(at, 0, at.length, bytes, 0, bytes.length);
    else store.put(at, 0, at.length, bytes, 0, bytes.length);
  }

  /** Has all entries in memory; false when they are too many. */
  #loadAll(map: CachedMap, key: unknown): boolean {
    let count = 0;
    for (const entry of this.#stored(map, key, false)) {
      if (++count > MOST_CACHED) return false;
      const identity = keyIdentity(entry.key);
      if (!map.entries.has(identity)) map.entries.set(identity, entry);
    }
    map.complete = true;
    return true;
  }

  /** The entries of the store, with what is in memory in their place. */
  *#stored(map: CachedMap, key: unknown, writeFirst = true): Generator<MapEntry> {
    if (writeFirst) this.#writeAll(map, key);
    const group = Buffer.from(this.context.key.begin(key, this.state, 0).written());
    if (!owns(this.context.keyGroups, group)) return;
    for (const cursor = this.context.store.scanGroup(group); cursor.next();) {
      const { bytes, keyStart, valueStart, valueEnd } = cursor.entry;
      const mapKey = readKey(bytes, keyStart + group.length);
      const known = map.entries.get(keyIdentity(mapKey));
      if (known !== undefined && !known.present && writeFirst) continue;
      const value = this.format.decode(bytes, valueStart, valueEnd);
      yield known !== undefined && writeFirst ? known : { key: mapKey, value, present: true, marks: 0 };
    }
  }
}
