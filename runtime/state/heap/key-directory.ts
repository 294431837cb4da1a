import { keyGroupOf } from '#core';
import { KeyTable } from '../key-table.js';
import type { NumberKeys } from '../number-keys.js';
import { Bitmap } from './bitmap.js';
import { FoundSlots } from './found-slots.js';
import { CountedUses, type SlotUses } from './slot-uses.js';

/** A key that comes back soon finds its slot again: so many keys may have one that nobody uses, or else as many as are used. */
const MOST_UNUSED = 1024;
/** Slots that are looked at in one sweep, so that none takes long. */
const SWEPT_AT_ONCE = 8;

/**
 * Slots for keys, and whether anybody uses them. Of slots that nobody uses any more, those that have been so for longest go to other keys
 * when there are too many, but not before `sweep`.
 */
export class KeyDirectory {
  readonly #table: KeyTable;
  /** Slots that came out of use, from `#nextIdle` on, in that order; some may be in use again. */
  #idle: number[] = [];
  #nextIdle = 0;
  /** Which slots those are. */
  readonly #waiting = new Bitmap();
  #unused = 0;
  #end = 0;
  #found: FoundSlots | undefined;

  constructor(
    private readonly maxParallelism: number,
    private readonly uses: SlotUses = new CountedUses(),
    spare?: NumberKeys,
  ) {
    this.#table = new KeyTable(true, spare);
  }

  /** Keys that have a slot. */
  get size(): number {
    return this.#table.size;
  }

  /** All slots are below. */
  get end(): number {
    return this.#end;
  }

  slotOf(key: unknown): number {
    const found = this.#takeFound(key);
    if (found >= 0) return found;
    const before = this.#table.size;
    const slot = this.#table.slotOf(key);
    if (this.#table.size > before) this.#note(slot);
    return slot;
  }

  /** The slot of the key, or -1. */
  find(key: unknown): number {
    const found = this.#takeFound(key);
    return found >= 0 ? found : this.#table.find(key);
  }

  /** As {@link KeyTable.prefetch}. */
  prefetch(slots: Int32Array, count: number): void {
    this.#table.prefetch(slots, count);
  }

  /** Looks up keys that come soon: their slots, or -1 each, until the next call. In that order `slotOf` and `find` are quick for them. */
  findAll(keys: Float64Array, count: number): Int32Array {
    this.#found ??= new FoundSlots();
    this.#found.begin(keys, count);
    this.#table.findAll(keys, count, this.#found.slots);
    return this.#found.slots;
  }

  keyAt(slot: number): unknown {
    return this.#table.keyAt(slot);
  }

  keyGroupOf(slot: number): number {
    return keyGroupOf(this.keyAt(slot), this.maxParallelism);
  }

  /** The slot has one user more. */
  retain(slot: number): void {
    if (this.uses.add(slot)) this.#unused--;
  }

  /** The slot has one user less. */
  release(slot: number): void {
    if (!this.uses.remove(slot)) return;
    this.#unused++;
    this.offer(slot);
  }

  /** The slot may be taken from its key when nobody uses it. */
  offer(slot: number): void {
    if (this.uses.has(slot) || this.#waiting.has(slot)) return;
    this.#waiting.add(slot);
    this.#idle.push(slot);
  }

  /** Takes some slots from their keys when too many are not used. */
  sweep(): void {
    if (this.#unused <= MOST_UNUSED || this.#unused * 2 <= this.#table.size) return;
    this.#found?.forget();
    for (let left = SWEPT_AT_ONCE; left > 0 && this.#nextIdle < this.#idle.length; left--) {
      const slot = this.#idle[this.#nextIdle++]!;
      this.#waiting.delete(slot);
      if (this.uses.has(slot)) continue;
      this.#unused--;
      this.#table.remove(slot);
    }
    if (this.#nextIdle * 2 > this.#idle.length) this.#forgetSwept();
  }

  /** To be called when it is used no more: answers what may serve another. */
  retire(): NumberKeys | undefined {
    return this.#table.retire();
  }

  #takeFound(key: unknown): number {
    return this.#found === undefined ? -1 : this.#found.take(key);
  }

  #forgetSwept(): void {
    this.#idle = this.#idle.slice(this.#nextIdle);
    this.#nextIdle = 0;
  }

  #note(slot: number): void {
    if (slot >= this.#end) this.#end = slot + 1;
    this.#unused++;
  }
}
