import type { MapState } from '#api';
import { detached } from '../detach.js';
import type { CurrentKey } from './current-key.js';
import type { Expiry } from './expiry.js';
import type { MapColumn, MapEntry } from './map-column.js';
import type { Expiring } from './value-form.js';

/** A map a key, entry by entry. While it is walked, it may be changed as a `Map` may. */
export class HeapMapState implements MapState<unknown, unknown> {
  constructor(
    private readonly current: CurrentKey,
    private readonly column: MapColumn,
    private readonly expiry: Expiry | undefined,
  ) {
    if (expiry !== undefined) column.expired = (value) => expiry.isOver(value as Expiring);
  }

  get(key: unknown): unknown {
    const entry = this.#find(key);
    if (entry === undefined) return undefined;
    const value = this.#valueOf(entry);
    return this.#isOver(entry) ? this.#removed(entry, value) : value;
  }

  has(key: unknown): boolean {
    const entry = this.#find(key);
    if (entry === undefined) return false;
    if (!this.#isOver(entry)) return true;
    return this.#removed(entry, true) === true;
  }

  put(key: unknown, value: unknown): void {
    const kept = detached(value);
    this.column.put(this.current.ensureSlot(), detached(key), this.expiry === undefined ? kept : this.expiry.wrap(kept));
  }

  putAll(entries: Iterable<readonly [unknown, unknown]>): void {
    for (const [key, value] of entries) this.put(key, value);
  }

  remove(key: unknown): void {
    const entry = this.#find(key);
    if (entry !== undefined) this.column.remove(entry);
  }

  clear(): void {
    const { slot } = this.current;
    if (slot >= 0) this.column.clear(slot);
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

  #find(key: unknown): MapEntry | undefined {
    const { slot } = this.current;
    return slot < 0 ? undefined : this.column.get(slot, key);
  }

  *#live(): Generator<MapEntry> {
    const { slot } = this.current;
    const entries = slot < 0 ? undefined : this.column.entries(slot);
    if (entries === undefined) return;
    for (const entry of entries.values()) {
      if (this.#isOver(entry)) {
        if (this.expiry!.showsExpired) yield entry;
        else this.column.remove(entry);
        continue;
      }
      this.column.beforeRead(entry);
      yield entry;
    }
  }

  #isOver(entry: MapEntry): boolean {
    return this.expiry?.isOver(entry.value as Expiring) === true;
  }

  #removed(entry: MapEntry, shown: unknown): unknown {
    this.column.remove(entry);
    return this.expiry!.showsExpired ? shown : undefined;
  }

  #valueOf(entry: MapEntry): unknown {
    const { expiry } = this;
    if (expiry === undefined) return entry.value;
    const expiring = entry.value as Expiring;
    if (expiry.renewedByReading && !expiry.isOver(expiring)) {
      this.column.change(entry);
      expiring.time = expiry.nowMs;
    }
    return expiring.value;
  }
}
