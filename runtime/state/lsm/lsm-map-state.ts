import type { MapState } from '#api';
import { detached } from '../detach.js';
import type { Expiry } from '../heap/expiry.js';
import type { Expiring } from '../heap/value-form.js';
import type { CurrentKey } from './current-key.js';
import type { MapColumn, MapEntry } from './state-table.js';

/** A map a key, entry by entry. While it is walked it may be changed. */
export class LsmMapState implements MapState<unknown, unknown> {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: MapColumn,
    private readonly expiry: Expiry | undefined,
  ) {}

  get(key: unknown): unknown {
    const entry = this.#entry(key);
    return this.#shows(entry) ? this.#valueOf(entry) : undefined;
  }

  has(key: unknown): boolean {
    return this.#shows(this.#entry(key));
  }

  put(key: unknown, value: unknown): void {
    this.#set(this.#entry(key), value);
  }

  putAll(entries: Iterable<readonly [unknown, unknown]>): void {
    for (const [key, value] of entries) this.put(key, value);
  }

  remove(key: unknown): void {
    this.column.set(this.#entry(key), undefined, false);
  }

  clear(): void {
    this.column.clear(this.current.slot, this.current.key);
  }

  get empty(): boolean {
    for (const _ of this.#live()) return false;
    return true;
  }

  *keys(): Iterable<unknown> {
    for (const { key } of this.#live()) yield key;
  }

  *values(): Iterable<unknown> {
    for (const entry of this.#live()) yield this.#valueOf(entry);
  }

  *entries(): Iterable<[unknown, unknown]> {
    for (const entry of this.#live()) yield [entry.key, this.#valueOf(entry)];
  }

  *#live(): Generator<MapEntry> {
    for (const entry of this.column.entries(this.current.slot, this.current.key)) if (this.#shows(entry)) yield entry;
  }

  #entry(key: unknown): MapEntry {
    return this.column.entry(this.current.slot, this.current.key, key);
  }

  /** Whether the entry is there for who reads; what has expired is removed. */
  #shows(entry: MapEntry): boolean {
    if (!entry.present || !this.#isOver(entry)) return entry.present;
    if (this.expiry!.showsExpired) return true;
    this.column.set(this.#stored(entry), undefined, false);
    return false;
  }

  #valueOf(entry: MapEntry): unknown {
    if (this.expiry === undefined) return entry.value;
    const { value } = entry.value as Expiring;
    if (this.#isOver(entry)) this.column.set(this.#stored(entry), undefined, false);
    else if (this.expiry.renewedByReading) this.#set(this.#stored(entry), value);
    return value;
  }

  #set(entry: MapEntry, value: unknown): void {
    const kept = detached(value);
    this.column.set(entry, this.expiry === undefined ? kept : this.expiry.wrap(kept), true);
  }

  /** The entry as the cache has it: that of a walk may be a copy. */
  #stored(entry: MapEntry): MapEntry {
    return this.#entry(entry.key);
  }

  #isOver({ value }: MapEntry): boolean {
    return this.expiry?.isOver(value as Expiring) === true;
  }
}
