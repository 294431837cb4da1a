import { KeyTable } from '../state/key-table.js';
import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { DeadlineQueue } from './deadline-queue.js';

/**
 * When the keys of a table are next to be looked at. A key has one entry that counts, for the earliest time it was said for. They follow
 * from the table, and are in no snapshot.
 */
export class KeyDeadlines {
  readonly #queue: DeadlineQueue;
  /** By number of a key: the time of its entry; Infinity when it has none. */
  #times = new Float64Array(1024).fill(Infinity);
  /** Where slots do not stay the keys' they have numbers of their own, as long as they have an entry; else slots are the numbers. */
  readonly #numbers: KeyTable | undefined;

  /** @param widthMs times that are less than this apart are told apart only when they are due. */
  constructor(
    private readonly table: NamespaceTable<unknown>,
    slotsStay: boolean,
    widthMs: number,
  ) {
    this.#queue = new DeadlineQueue(widthMs);
    this.#numbers = slotsStay ? undefined : new KeyTable(true);
  }

  /** No key is to be looked at earlier; Infinity when there is none. */
  get earliest(): number {
    return this.#queue.earliest;
  }

  /** The key of the slot is to be looked at then. */
  add(slot: number, time: number): void {
    const number = this.#numbers === undefined ? slot : this.#numbers.slotOf(this.table.keyAt(slot));
    if (number >= this.#times.length) this.#grow(number);
    if (time >= (this.#times[number] as number)) return;
    this.#times[number] = time;
    this.#queue.add(number, time);
  }

  /** Takes out a key whose time is at most `until`: answers its slot, or -1. */
  take(until: number): number {
    for (let number = this.#queue.take(until); number >= 0; number = this.#queue.take(until)) {
      if (this.#times[number] !== this.#queue.takenTime) continue;
      this.#times[number] = Infinity;
      return this.#numbers === undefined ? number : this.#slotOf(this.#numbers, number);
    }
    return -1;
  }

  #slotOf(numbers: KeyTable, number: number): number {
    const key = numbers.keyAt(number);
    numbers.remove(number);
    return this.table.slotOf(key);
  }

  #grow(number: number): void {
    const before = this.#times;
    this.#times = new Float64Array(Math.max(number + 1, before.length * 2)).fill(Infinity);
    this.#times.set(before);
  }
}
