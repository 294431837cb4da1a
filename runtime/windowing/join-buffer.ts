import type { NamespacedState, NamespaceTable } from '../state/keyed-state-backend.js';

/**
 * The records of a key in a stretch of time, in the order in which they came: time since the start of the stretch, record, and so on. Those
 * times are small whole numbers mostly, which take no room of their own.
 */
type Entries = unknown[];

/**
 * The records of one side of an interval join, in a table for each stretch of time: to find those in some interval takes a look at the few
 * stretches that it touches, and the past is dropped as a whole.
 *
 * ```
 *  stretch      [ 0 ) [ 1 ) [ 2 ) [ 3 )
 *  of a key       ·    ···         ··       from ──────── to: stretches 1 and 2
 * ```
 */
export class JoinBuffer {
  /** The stretches that exist, by number, the earliest first. */
  readonly #numbers: number[];
  #last: NamespaceTable<Entries> | undefined;
  #lastNumber = Number.NaN;

  constructor(
    private readonly state: NamespacedState<Entries>,
    private readonly stretchMs: number,
    /** How long after its timestamp a record can find a partner, in event time. */
    private readonly keepMs: number,
  ) {
    this.#numbers = [...state.namespaces()].map(Number).sort((a, b) => a - b);
  }

  add(key: unknown, value: unknown, timestamp: number): void {
    const number = Math.floor(timestamp / this.stretchMs);
    const time = timestamp - number * this.stretchMs;
    const table = number === this.#lastNumber && this.#last !== undefined ? this.#last : this.#tableOf(number);
    const slot = table.slotOf(key);
    const entries = table.get(slot);
    if (entries === undefined) table.set(slot, [time, value]);
    else {
      entries.push(time, value);
      table.set(slot, entries);
    }
  }

  /** Calls back for the records of the key from one timestamp to another, both included. */
  forEach(key: unknown, from: number, to: number, call: (value: unknown, timestamp: number) => void): void {
    const last = Math.floor(to / this.stretchMs);
    for (let number = Math.floor(from / this.stretchMs); number <= last; number++) {
      const table = this.state.existing(number);
      const slot = table === undefined ? -1 : table.find(key);
      const entries = slot < 0 ? undefined : table?.get(slot);
      if (entries === undefined) continue;
      const start = number * this.stretchMs;
      for (let at = 0; at < entries.length; at += 2) {
        const timestamp = start + (entries[at] as number);
        if (timestamp >= from && timestamp <= to) call(entries[at + 1], timestamp);
      }
    }
  }

  /** Drops the stretches that hold no record with a partner to come. */
  dropUntil(watermark: number): void {
    let count = 0;
    for (const number of this.#numbers) {
      if ((number + 1) * this.stretchMs + this.keepMs > watermark) break;
      this.state.drop(number);
      count++;
    }
    if (count === 0) return;
    this.#numbers.splice(0, count);
    this.#last = undefined;
  }

  #tableOf(number: number): NamespaceTable<Entries> {
    let table = this.state.existing(number);
    if (table === undefined) {
      let place = this.#numbers.length;
      while (place > 0 && (this.#numbers[place - 1] as number) > number) place--;
      this.#numbers.splice(place, 0, number);
      table = this.state.table(number);
    }
    this.#last = table;
    this.#lastNumber = number;
    return table;
  }
}
