import { KeyTable } from '../state/key-table.js';
import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { DeadlineQueue } from './deadline-queue.js';

const NONE = 0x7fffffff;
/** Keys whose memory is fetched together. */
const TAKEN_AT_ONCE = 64;

/**
 * When the keys of a table are next to be looked at. A key has one entry that counts, for the earliest time it was said for. They follow
 * from the table, and are in no snapshot.
 */
export class KeyDeadlines {
  readonly #queue: DeadlineQueue;
  /** Keys that were taken out of the queue: those from `#next` on are to be given out, but for -1. */
  readonly #due = new Int32Array(TAKEN_AT_ONCE);
  readonly #dueTimes = new Float64Array(TAKEN_AT_ONCE);
  #next = 0;
  #count = 0;
  /** By number of a key: the bucket of its entry, from `#base` on; `NONE` when it has none. */
  #buckets = new Int32Array(1024).fill(NONE);
  #base = Number.NaN;
  /** Nobody reads it: but loads whose result were of no use would be left out. */
  touched = 0;
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
    return this.#next < this.#count ? -Infinity : this.#queue.earliest;
  }

  /** The key of the slot is to be looked at then. */
  add(slot: number, time: number): void {
    const number = this.#numbers === undefined ? slot : this.#numbers.slotOf(this.table.keyAt(slot));
    if (number >= this.#buckets.length) this.#grow(number);
    const bucket = this.#bucketOf(time);
    // an entry of the same bucket may be later
    if (bucket > (this.#buckets[number] as number)) return;
    this.#buckets[number] = bucket;
    this.#queue.add(number, time);
  }

  /** Touches the entries of slots that stay, of which some may be -1. */
  prefetch(slots: Int32Array, count: number): void {
    const buckets = this.#buckets;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += buckets[slots[i] as number] ?? 0;
    this.touched = sum;
  }

  /**
   * Takes out a key whose time is at most `until`: answers its slot, or -1. Now and then it is a key whose time is a little later: then
   * `add` is to be called for it again.
   */
  take(until: number): number {
    while (this.#next < this.#count || this.#takeSome(until)) {
      const number = this.#due[this.#next++] as number;
      if (number >= 0) return this.#numbers === undefined ? number : this.#slotOf(this.#numbers, number);
    }
    return -1;
  }

  /** Takes a block of keys out of the queue, and has them at hand; answers whether there was any. */
  #takeSome(until: number): boolean {
    const due = this.#due;
    const count = this.#queue.take(until, due, this.#dueTimes);
    this.prefetch(due, count);
    for (let i = 0; i < count; i++) {
      const number = due[i] as number;
      // another entry counts
      if (this.#buckets[number] !== this.#bucketOf(this.#dueTimes[i] as number)) due[i] = -1;
      else this.#buckets[number] = NONE;
    }
    if (this.#numbers === undefined) this.table.prefetchSlots?.(due, count);
    this.#next = 0;
    this.#count = count;
    return count > 0;
  }

  #slotOf(numbers: KeyTable, number: number): number {
    const key = numbers.keyAt(number);
    numbers.remove(number);
    return this.table.slotOf(key);
  }

  /** Times that are more than 2^31 buckets from the first are taken for one: their keys may be given out early. */
  #bucketOf(time: number): number {
    const bucket = this.#queue.bucketOf(time);
    if (Number.isNaN(this.#base)) this.#base = bucket;
    return Math.max(-NONE, Math.min(bucket - this.#base, NONE - 1));
  }

  #grow(number: number): void {
    const before = this.#buckets;
    this.#buckets = new Int32Array(Math.max(number + 1, before.length * 2)).fill(NONE);
    this.#buckets.set(before);
  }
}
