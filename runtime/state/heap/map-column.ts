import { type KeyIdentity, keyIdentity } from '#core';
import type { KeyDirectory } from './key-directory.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';
import type { ValueForm } from './value-form.js';
import type { TablePlace } from '../segment/segment-writer.js';

/** An entry of the map of a key. It outlives its removal until the snapshots that have to tell of it are written. */
export interface MapEntry {
  readonly slot: number;
  readonly key: unknown;
  value: unknown;
  removed: boolean;
  /** The epoch in which it was last changed; a snapshot begins an epoch. */
  changed: number;
  /** The round that wrote it last; 0: none. */
  written: number;
}

/** What changed in an epoch. */
interface Epoch {
  readonly epoch: number;
  readonly checkpointId: number;
  readonly entries: readonly MapEntry[];
}

/** Maps by slot, whose entries change one by one: only those that did are written again. */
export class MapColumn implements SnapshotPart {
  /** Set once there is a snapshot that others may build on: before, there is no need to note what changed. */
  #noting = false;
  /** Removed entries that are in a segment, in the order of removal: their slots are kept until a snapshot tells of it, confirmed. */
  #graves: MapEntry[] = [];
  readonly #maps: (Map<KeyIdentity, MapEntry> | undefined)[] = [];
  #epoch = 1;
  #dirty: MapEntry[] = [];
  /** Taken by snapshots that are neither confirmed nor aborted. */
  #taken: Epoch[] = [];
  /** The latest epoch whose changes are in a confirmed snapshot. */
  #confirmed = 0;
  /** What was confirmed when the round began. */
  #since = 0;
  #round: SnapshotRound | undefined;
  /** Whether a value need not be kept any more. */
  expired: ((value: unknown) => boolean) | undefined;
  #walk: Iterator<MapEntry> | undefined;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly place: TablePlace,
    private form: ValueForm,
  ) {}

  /** The entries of the slot; not to be changed by the caller. */
  entries(slot: number): ReadonlyMap<KeyIdentity, MapEntry> | undefined {
    return this.#maps[slot];
  }

  /** The entry, which the caller may remove by `remove`. */
  get(slot: number, key: unknown): MapEntry | undefined {
    const entry = this.#maps[slot]?.get(keyIdentity(key));
    if (entry !== undefined && this.#round !== undefined) this.beforeRead(entry);
    return entry;
  }

  /** To be called before the value of an entry that `entries` gave is given away: the reader may change it in place. */
  beforeRead(entry: MapEntry): void {
    if (typeof entry.value === 'object' && entry.changed < this.#epoch) this.#writeEarly(entry);
  }

  put(slot: number, key: unknown, value: unknown): void {
    while (this.#maps.length <= slot) this.#maps.push(undefined);
    const map = (this.#maps[slot] ??= this.#newMap(slot));
    const identity = keyIdentity(key);
    const known = map.get(identity);
    if (known !== undefined) {
      this.change(known);
      known.value = value;
      return;
    }
    const entry: MapEntry = { slot, key, value, removed: false, changed: this.#epoch, written: 0 };
    map.set(identity, entry);
    if (this.#noting) this.#dirty.push(entry);
  }

  remove(entry: MapEntry): void {
    this.#forget(entry);
    const map = this.#maps[entry.slot]!;
    map.delete(keyIdentity(entry.key));
    if (map.size === 0) this.#dropMap(entry.slot);
  }

  clear(slot: number): void {
    const map = this.#maps[slot];
    if (map === undefined) return;
    for (const entry of map.values()) this.#forget(entry);
    this.#dropMap(slot);
  }

  /** To be called before the value of the entry changes. */
  change(entry: MapEntry): void {
    if (entry.changed === this.#epoch) return;
    this.#writeEarly(entry);
    entry.changed = this.#epoch;
    if (this.#noting) this.#dirty.push(entry);
  }

  #newMap(slot: number): Map<KeyIdentity, MapEntry> {
    this.keys.retain(slot);
    return new Map();
  }

  #dropMap(slot: number): void {
    this.#maps[slot] = undefined;
    this.keys.release(slot);
  }

  #forget(entry: MapEntry): void {
    this.change(entry);
    entry.removed = true;
    entry.value = undefined;
    if (entry.written === 0) return;
    this.keys.retain(entry.slot);
    this.#graves.push(entry);
  }

  convert(form: ValueForm, convert: ((value: unknown) => unknown) | undefined): void {
    this.form = form;
    if (convert === undefined) return;
    for (const map of this.#maps) for (const entry of map?.values() ?? []) entry.value = convert(entry.value);
  }

  begin(round: SnapshotRound): void {
    this.#round = round;
    this.#since = this.#confirmed;
    this.#walk = round.whole ? this.#all() : this.#changed([...this.#taken.map(({ entries }) => entries), this.#dirty]);
    if (round.base) {
      this.#taken.push({ epoch: this.#epoch, checkpointId: round.checkpointId, entries: this.#dirty });
      this.#dirty = [];
      this.#noting = true;
    }
    this.#epoch++;
  }

  writeSome(slice: Slice): boolean {
    const walk = this.#walk;
    if (walk === undefined) return true;
    for (let next = walk.next(); next.done !== true; next = walk.next()) {
      if (this.#awaits(next.value)) this.#write(next.value);
      if (slice.over()) return false;
    }
    this.end();
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#walk = undefined;
    this.#leaveGraves();
  }

  confirm(checkpointId: number): void {
    const confirmed = this.#taken.filter((taken) => taken.checkpointId <= checkpointId);
    for (const { epoch } of confirmed) this.#confirmed = Math.max(this.#confirmed, epoch);
    this.#taken = this.#taken.filter((taken) => taken.checkpointId > checkpointId);
    // One under way may build on an older snapshot, and has to tell of the removals.
    if (this.#round === undefined) this.#leaveGraves();
  }

  /** What it took stays taken, and is written by the next snapshot. */
  abort(checkpointId: number): void {
    const aborted = this.#taken.find((taken) => taken.checkpointId === checkpointId);
    if (aborted === undefined) return;
    this.#taken = this.#taken.filter((taken) => taken !== aborted);
    this.#dirty = [...aborted.entries, ...this.#dirty];
  }

  #leaveGraves(): void {
    const confirmed = this.#graves.findIndex(({ changed }) => changed > this.#confirmed);
    const left = confirmed < 0 ? this.#graves : this.#graves.slice(0, confirmed);
    this.#graves = confirmed < 0 ? [] : this.#graves.slice(confirmed);
    for (const { slot } of left) this.keys.release(slot);
  }

  *#all(): Generator<MapEntry> {
    for (const map of this.#maps) if (map !== undefined) yield* map.values();
  }

  *#changed(lists: readonly (readonly MapEntry[])[]): Generator<MapEntry> {
    for (const list of lists) yield* list;
  }

  /** Whether the round has still to write the entry: as it was before this epoch, in which it has not changed yet. */
  #awaits({ changed, written }: MapEntry): boolean {
    const round = this.#round;
    if (round === undefined || written === round.round || changed === this.#epoch) return false;
    return round.whole || changed > this.#since;
  }

  #writeEarly(entry: MapEntry): void {
    if (!this.#awaits(entry)) return;
    try {
      this.#write(entry);
    } catch (error) {
      this.#round!.fail(error);
    }
  }

  #write(entry: MapEntry): void {
    const { writer, whole, round } = this.#round!;
    const { keys, place } = this;
    const { slot, key } = entry;
    const left = entry.removed || (whole && this.expired?.(entry.value) === true);
    if (!left) writer.put(place, keys.keyGroupOf(slot), keys.keyAt(slot), key, this.form, entry.value);
    else if (!whole && entry.written > 0) writer.delete(place, keys.keyGroupOf(slot), keys.keyAt(slot), key);
    entry.written = round;
  }
}
