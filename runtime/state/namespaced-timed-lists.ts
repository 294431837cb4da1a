import { Types } from '#core';
import type {
  KeyedStateBackend,
  ListIndex,
  Namespace,
  NamespacedState,
  NamespaceTable,
  TimedLists,
  TimedListsSpec,
} from './keyed-state-backend.js';
import { type TimedEntries, timesOf } from './timed-entries.js';

/** Lists by time where state need not fit into memory: in tables, one for each list and stretch of time. */
export class NamespacedTimedLists implements TimedLists {
  readonly #lists: readonly [StretchTables, StretchTables];

  constructor(
    private readonly keyed: Pick<KeyedStateBackend, 'namespaced' | 'currentKey'>,
    { names, kind, stretchMs }: TimedListsSpec,
  ) {
    const tables = (name: string): StretchTables => new StretchTables(keyed.namespaced({ name, kind, type: Types.generic }), stretchMs);
    this.#lists = [tables(names[0]), tables(names[1])];
  }

  append(list: ListIndex, time: number, value: unknown): void {
    this.#lists[list].append(this.keyed.currentKey, time, value);
  }

  forEach(list: ListIndex, from: number, to: number, call: (value: unknown, time: number) => void): void {
    this.#lists[list].forEach(this.keyed.currentKey, from, to, call);
  }

  dropBefore(list: ListIndex, time: number): void {
    this.#lists[list].dropBefore(time);
  }
}

interface StretchInUse {
  readonly number: number;
  readonly table: NamespaceTable<TimedEntries>;
}

/**
 * The tables of one list: to find what is in some interval takes a look at the few stretches that it touches, and the past is dropped as a
 * whole.
 *
 * ```
 *  stretch      [ 0 ) [ 1 ) [ 2 ) [ 3 )
 *  of a key       ·    ···         ··       from ──────── to: stretches 1 and 2
 * ```
 */
class StretchTables {
  readonly #tables = new Map<number, NamespaceTable<TimedEntries>>();
  /** The numbers of those, the earliest first. */
  readonly #numbers: number[] = [];
  #last: StretchInUse | undefined;
  #dropped = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly state: NamespacedState<TimedEntries>,
    private readonly stretchMs: number,
  ) {
    for (const namespace of [...state.namespaces()]) {
      const [start, end] = timesOf(namespace);
      const number = start / stretchMs;
      if (Number.isInteger(number) && end - start === stretchMs) this.#know(number, state.table(namespace));
      else this.#divide(namespace);
    }
  }

  append(key: unknown, timestamp: number, value: unknown): void {
    if (timestamp < this.#dropped) return;
    const number = Math.floor(timestamp / this.stretchMs);
    const table = this.#last?.number === number ? this.#last.table : this.#tableOf(number);
    const time = timestamp - number * this.stretchMs;
    const slot = table.slotOf(key);
    const entries = table.get(slot);
    if (entries === undefined) table.set(slot, [time, value]);
    else {
      entries.push(time, value);
      table.set(slot, entries);
    }
  }

  forEach(key: unknown, earliest: number, to: number, call: (value: unknown, time: number) => void): void {
    const from = Math.max(earliest, this.#dropped);
    const first = Math.floor(from / this.stretchMs);
    const last = Math.floor(to / this.stretchMs);
    const { length } = this.#numbers;
    if (last - first > length) {
      for (const number of this.#numbers) if (number >= first && number <= last) this.#each(number, key, from, to, call);
    } else for (let number = first; number <= last; number++) this.#each(number, key, from, to, call);
  }

  dropBefore(time: number): void {
    this.#dropped = Math.max(this.#dropped, time);
    const first = Math.floor(this.#dropped / this.stretchMs);
    let count = 0;
    for (const number of this.#numbers) {
      if (number >= first) break;
      this.state.drop(this.#namespaceOf(number));
      this.#tables.delete(number);
      count++;
    }
    if (count === 0) return;
    this.#numbers.splice(0, count);
    this.#last = undefined;
  }

  #each(number: number, key: unknown, from: number, to: number, call: (value: unknown, time: number) => void): void {
    const table = this.#tables.get(number);
    const slot = table === undefined ? -1 : table.find(key);
    const entries = slot < 0 ? undefined : table?.get(slot);
    if (entries === undefined) return;
    const start = number * this.stretchMs;
    for (let at = 0; at < entries.length; at += 2) {
      const time = start + (entries[at] as number);
      if (time >= from && time <= to) call(entries[at + 1], time);
    }
  }

  #namespaceOf(number: number): readonly [start: number, end: number] {
    return [number * this.stretchMs, (number + 1) * this.stretchMs];
  }

  #tableOf(number: number): NamespaceTable<TimedEntries> {
    const table = this.#tables.get(number) ?? this.state.table(this.#namespaceOf(number));
    this.#know(number, table);
    this.#last = { number, table };
    return table;
  }

  #know(number: number, table: NamespaceTable<TimedEntries>): void {
    if (this.#tables.has(number)) return;
    this.#tables.set(number, table);
    let place = this.#numbers.length;
    while (place > 0 && this.#numbers[place - 1]! > number) place--;
    this.#numbers.splice(place, 0, number);
  }

  /** Moves what was restored from stretches of another length into those of now. */
  #divide(namespace: Namespace): void {
    const [start] = timesOf(namespace);
    for (const cursor = this.state.table(namespace).cursor(); cursor.next();) {
      const { key, value } = cursor;
      for (let at = 0; at < value.length; at += 2) this.append(key, start + (value[at] as number), value[at + 1]);
    }
    this.state.drop(namespace);
  }
}
