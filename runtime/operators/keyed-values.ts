import type { KeySpec } from '#api';
import { detached } from '../state/detach.js';
import { KeyTable } from '../state/key-table.js';

/** One value for each key of an operator, found by one probe a record. */
export class KeyedValues<V> {
  readonly #keys = new KeyTable();
  readonly #values: V[] = [];
  readonly #select: KeySpec['select'];

  constructor(key: KeySpec) {
    this.#select = key.select;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The slot of the record's key; equal to the size before the call when the key is new: then set its value next. */
  slotOf(record: unknown): number {
    return this.#keys.slotOf(this.#select(record));
  }

  /** Keeps the value of a key that has none yet. */
  restore(key: unknown, value: V): void {
    this.#values[this.#keys.slotOf(key)] = value;
  }

  keyAt(slot: number): unknown {
    return this.#keys.keyAt(slot);
  }

  has(slot: number): boolean {
    return slot < this.#values.length;
  }

  get(slot: number): V {
    return this.#values[slot] as V;
  }

  set(slot: number, value: V): void {
    this.#values[slot] = value;
  }

  /** Keeps a value that came out of user code or an exchange: its strings are copied. */
  keep(slot: number, value: V): void {
    this.#values[slot] = detached(value, this.#values[slot]) as V;
  }
}
