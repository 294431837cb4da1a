import type { ValueReader } from '#core';
import { type EntryKey, NO_SUB_KEY, type SegmentWriter } from '../../segment/segment-writer.js';
import type { ValueForm } from '../value-form.js';
import type { ValueStore } from './value-store.js';

/** Values as they were given. */
export class ObjectStore implements ValueStore {
  readonly keepsObjects = true;
  readonly #values: unknown[] = [];

  constructor(private form: ValueForm) {}

  get end(): number {
    return this.#values.length;
  }

  has(slot: number): boolean {
    return this.#values[slot] !== undefined;
  }

  get(slot: number): unknown {
    return this.#values[slot];
  }

  set(slot: number, value: unknown): boolean {
    while (this.#values.length <= slot) this.#values.push(undefined);
    this.#values[slot] = value;
    return true;
  }

  /** Never needed: objects are kept whatever they are. */
  instead(): ValueStore {
    return this;
  }

  delete(slot: number): void {
    this.#values[slot] = undefined;
  }

  write(segment: SegmentWriter, { place, keyGroup, key }: EntryKey, slot: number): void {
    segment.put(place, keyGroup, key, NO_SUB_KEY, this.form, this.#values[slot]);
  }

  reform(form: ValueForm): void {
    this.form = form;
  }

  read(reader: ValueReader): unknown {
    return this.form.read(reader);
  }
}
