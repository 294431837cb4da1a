import { KeyTable } from '../state/key-table.js';
import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { EarliestTimes, LEAST_TAKEN } from './earliest-times.js';

/**
 * When the keys of a table are next to be looked at: the earliest time that was said for each. They follow from the table, and are in no
 * snapshot.
 */
export class KeyDeadlines {
  readonly #times = new EarliestTimes();
  /** Numbers that were taken out: those from `#next` on are to be given out. */
  readonly #due = new Int32Array(2 * LEAST_TAKEN);
  #next = 0;
  #count = 0;
  /** Where slots do not stay the keys' they have numbers of their own, as long as they have a time; else slots are the numbers. */
  readonly #numbers: KeyTable | undefined;

  constructor(
    private readonly table: NamespaceTable<unknown>,
    slotsStay: boolean,
  ) {
    this.#numbers = slotsStay ? undefined : new KeyTable(true);
  }

  /** No key is to be looked at earlier; Infinity when there is none. */
  get earliest(): number {
    return this.#next < this.#count ? -Infinity : this.#times.earliest;
  }

  /** The key of the slot is to be looked at then, if not earlier. */
  add(slot: number, time: number): void {
    this.#times.lower(this.#numbers === undefined ? slot : this.#numbers.slotOf(this.table.keyAt(slot)), time);
  }

  /** Touches what is noted for slots that stay, of which some may be -1. */
  prefetch(slots: Int32Array, count: number): void {
    this.#times.prefetch(slots, count);
  }

  /** Takes out a key whose time is at most `until`: answers its slot, or -1. */
  take(until: number): number {
    if (this.#next === this.#count && !this.#takeSome(until)) return -1;
    const number = this.#due[this.#next++] as number;
    return this.#numbers === undefined ? number : this.#slotOf(this.#numbers, number);
  }

  /** Takes some keys out together, and has them at hand; answers whether there was any. */
  #takeSome(until: number): boolean {
    this.#next = 0;
    this.#count = this.#times.take(until, this.#due);
    if (this.#numbers === undefined) this.table.prefetchSlots?.(this.#due, this.#count);
    return this.#count > 0;
  }

  #slotOf(numbers: KeyTable, number: number): number {
    const key = numbers.keyAt(number);
    numbers.remove(number);
    return this.table.slotOf(key);
  }
}
