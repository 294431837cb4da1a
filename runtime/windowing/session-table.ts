import { Types } from '#core';
import { Bitmap } from '../state/heap/bitmap.js';
import type { KeyedStateBackend, NamespacedState, NamespaceTable } from '../state/keyed-state-backend.js';

/** Its length is to the end of the session, that is with the gap. An array, so that what it is made of is seen at a glance. */
export type Session = [startMs: number, lengthMs: number, accumulator: unknown];

/**
 * The sessions of each key, in the order of time. The first is in a table of its own, by slot: it is the only one nearly always. The second
 * of a key is in the next table, and so on.
 */
export class SessionTable {
  readonly #state: NamespacedState<Session>;
  readonly #first: NamespaceTable<Session>;
  /** Those behind the first; none is empty when one behind it is not. */
  readonly #others: NamespaceTable<Session>[] = [];
  /** The slots whose keys have more than one. */
  readonly #several = new Bitmap();

  constructor(keyed: KeyedStateBackend) {
    this.#state = keyed.namespaced<Session>({ name: 'window-contents', kind: 'window', type: Types.generic });
    this.#first = this.#state.table(0);
    for (let place = 1; this.#state.existing(place) !== undefined; place++) this.#others.push(this.#state.table(place));
    const second = this.#others[0]?.cursor();
    while (second?.next() === true) this.#several.add(this.#first.find(second.key));
  }

  /** The slot of the key; it is to be given back with `set` or `remove` in any case. */
  slotOf(key: unknown): number {
    return this.#first.slotOf(key);
  }

  /** The slot of a key that has sessions, or -1. */
  find(key: unknown): number {
    return this.#first.find(key);
  }

  keyAt(slot: number): unknown {
    return this.#first.keyAt(slot);
  }

  /** The slots of all keys that have sessions. */
  *slots(): Iterable<number> {
    for (const cursor = this.#first.cursor(); cursor.next();) yield cursor.slot;
  }

  /** The earliest session of the slot. */
  first(slot: number): Session | undefined {
    return this.#first.get(slot);
  }

  /** Whether the slot's key has more than one. */
  hasMore(slot: number): boolean {
    return this.#several.has(slot);
  }

  /** All sessions of the slot. */
  all(slot: number): Session[] {
    const first = this.#first.get(slot);
    if (first === undefined) return [];
    const sessions = [first];
    if (!this.#several.has(slot)) return sessions;
    const key = this.#first.keyAt(slot);
    for (const table of this.#others) {
      const found = table.find(key);
      if (found < 0) break;
      sessions.push(table.get(found)!);
    }
    return sessions;
  }

  /** The session is the only one of the slot, as one was before, or none. */
  setOnly(slot: number, session: Session): void {
    this.#first.set(slot, session);
  }

  /** The slot has these sessions, at least one, and no others. */
  setAll(slot: number, sessions: readonly Session[]): void {
    this.#first.set(slot, sessions[0]!);
    if (sessions.length > 1) this.#several.add(slot);
    else if (!this.#several.has(slot)) return;
    else this.#several.delete(slot);
    const key = this.#first.keyAt(slot);
    for (let place = 1; place < sessions.length; place++) {
      const table = (this.#others[place - 1] ??= this.#state.table(place));
      table.set(table.slotOf(key), sessions[place]!);
    }
    this.#removeFrom(sessions.length, key);
  }

  /** The slot has no session any more. */
  remove(slot: number): void {
    if (this.#several.has(slot)) this.#removeFrom(1, this.#first.keyAt(slot));
    this.#several.delete(slot);
    this.#first.remove(slot);
  }

  #removeFrom(place: number, key: unknown): void {
    for (let at = place - 1; at < this.#others.length; at++) {
      const table = this.#others[at]!;
      const found = table.find(key);
      if (found < 0) return;
      table.remove(found);
    }
  }
}
