import type { ValueReader } from '#core';
import { detached } from '../detach.js';
import { Bitmap } from './bitmap.js';
import type { ValueParts } from '../keyed-state-backend.js';
import type { KeyDirectory } from './key-directory.js';
import type { SnapshotRound } from './snapshot-part.js';
import { TrackedEntries } from './tracked-entries.js';
import { NumberRows } from './store/number-rows.js';
import type { ValueStore } from './store/value-store.js';
import type { ValueForm } from './value-form.js';
import { NO_SUB_KEY, type TablePlace } from '../segment/segment-writer.js';

/** A value by slot. */
export class SlotColumn {
  /** Its share of snapshots. */
  readonly part = new TrackedEntries({
    end: () => this.store.end,
    write: this.#write.bind(this),
    begun: ({ round }) => {
      this.#lastRound = round;
    },
    ended: this.#leaveGraves.bind(this),
    confirmed: this.#confirmed.bind(this),
  });
  /** Slots whose value may be in a segment: where it is removed, the next segment has to say so. */
  readonly #stored = new Bitmap();
  /** Whether a value need not be kept any more. */
  expired: ((value: unknown) => boolean) | undefined;
  #lastRound = 0;
  /** The latest round whose snapshot is confirmed. */
  #confirmedRound = 0;
  /**
   * Slots whose removed value is in a segment, in the order of removal, with the last round before it: they are kept until one after it is
   * confirmed.
   */
  readonly #graves = new Map<number, number>();

  #parts: ColumnParts | undefined;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly place: TablePlace,
    private store: ValueStore,
  ) {
    this.#parts = this.#partsOf(store);
  }

  /** The value, which counts as unchanged until it is given to `set`; undefined when there is none. */
  get(slot: number): unknown {
    const { store } = this;
    const value = store.get(slot);
    // The reader may change it in place.
    if (this.part.writing && store.keepsObjects && typeof value === 'object') this.part.writeEarly(slot);
    return value;
  }

  /**
   * Strings of a value that is kept as an object are copied: those that were cut from a segment would keep all of its text alive.
   * Answers whether the slot had none.
   */
  set(slot: number, value: unknown): boolean {
    this.change(slot);
    const { store } = this;
    if (!store.keepsObjects) return this.#put(slot, value);
    const before = store.get(slot);
    // what was changed in place has nothing that could be told from what it was
    return this.#put(slot, value === before ? value : detached(value, before));
  }

  /** Takes the value that the reader stands at, of a segment of this state. */
  restore(slot: number, reader: ValueReader): void {
    this.change(slot);
    const { store } = this;
    if (store.takeBytes === undefined) {
      this.#put(slot, store.read(reader));
      return;
    }
    const isNew = !store.has(slot);
    store.takeBytes(slot, reader.buffer, reader.position, reader.end);
    if (isNew) this.#retain(slot);
  }

  remove(slot: number): void {
    if (!this.store.has(slot)) return;
    this.change(slot);
    this.store.delete(slot);
    if (this.#stored.has(slot)) this.#graves.set(slot, this.#lastRound);
    else this.keys.release(slot);
  }

  /** Has the values of the slots, of which some may be -1, at hand. */
  prefetch(slots: Int32Array, count: number): void {
    this.store.prefetch?.(slots, count);
  }

  has(slot: number): boolean {
    return this.store.has(slot);
  }

  /** To be called before the value of the slot is changed in place. */
  change(slot: number): void {
    this.part.change(slot);
  }

  /** While parts of the values can be read and changed by themselves. */
  get parts(): ValueParts | undefined {
    return this.#parts;
  }

  get keepsObjects(): boolean {
    return this.store.keepsObjects;
  }

  /** Values have another form, which writes the same bytes. */
  reform(form: ValueForm): void {
    this.store.reform(form);
  }

  /** Moves all values, as `convert` makes them, into another store. */
  moveTo(store: ValueStore, convert: (value: unknown) => unknown): void {
    const before = this.store;
    for (let slot = this.next(0); slot >= 0; slot = this.next(slot + 1)) {
      const value = convert(before.get(slot));
      if (store.set(slot, value)) continue;
      this.moveTo(store.instead(value), convert);
      return;
    }
    this.store = store;
    this.#parts = this.#partsOf(store);
  }

  /** The first slot from `from` on that has a value, or -1. */
  next(from: number): number {
    const { store } = this;
    for (let slot = from; slot < store.end; slot++) if (store.has(slot)) return slot;
    return -1;
  }

  /** To be called when it is used no more. */
  retire(): void {
    this.store.retire?.();
  }

  #confirmed(round: number): void {
    this.#confirmedRound = round;
    // One under way may build on an older snapshot, and has to tell of the removals.
    if (!this.part.writing) this.#leaveGraves();
  }

  #leaveGraves(): void {
    for (const [slot, round] of this.#graves) {
      if (round >= this.#confirmedRound) return;
      this.#graves.delete(slot);
      this.#stored.delete(slot);
      this.keys.release(slot);
    }
  }

  #write(slot: number, { writer, whole, base }: SnapshotRound): void {
    const { keys, place, store } = this;
    if (!store.has(slot)) {
      if (!whole && this.#stored.has(slot)) writer.delete(place, keys.keyGroupOf(slot), keys.keyAt(slot), NO_SUB_KEY);
      return;
    }
    if (whole && this.expired?.(store.get(slot)) === true) return;
    store.write(writer, { place, keyGroup: keys.keyGroupOf(slot), key: keys.keyAt(slot) }, slot);
    if (base) this.#stored.add(slot);
  }

  /** Answers whether the slot had no value. */
  #put(slot: number, value: unknown): boolean {
    const isNew = !this.store.has(slot);
    if (!this.store.set(slot, value)) this.#putElsewhere(slot, value);
    if (isNew) this.#retain(slot);
    return isNew;
  }

  #putElsewhere(slot: number, value: unknown): void {
    this.moveTo(this.store.instead(value), (kept) => kept);
    this.store.set(slot, this.store.keepsObjects ? detached(value) : value);
  }

  #retain(slot: number): void {
    if (!this.#graves.delete(slot)) this.keys.retain(slot);
  }

  #partsOf(store: ValueStore): ColumnParts | undefined {
    return store instanceof NumberRows && store.hasParts ? new ColumnParts(this.part, store) : undefined;
  }
}

/** Parts of rows, whose changes are marked. */
class ColumnParts implements ValueParts {
  constructor(
    private readonly tracked: TrackedEntries,
    private readonly rows: NumberRows,
  ) {}

  has(slot: number): boolean {
    return this.rows.has(slot);
  }

  number(slot: number, place: number): number {
    return this.rows.number(slot, place);
  }

  last(slot: number): unknown {
    return this.rows.last(slot);
  }

  change(slot: number, place: number, number: number, last: unknown): boolean {
    this.tracked.change(slot);
    return this.rows.change(slot, place, number, last);
  }
}
