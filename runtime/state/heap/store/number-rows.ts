import type { ValueReader } from '#core';
import { type EntryKey, NO_SUB_KEY, type SegmentWriter } from '../../segment/segment-writer.js';
import { Bitmap } from '../bitmap.js';
import type { ValueForm } from '../value-form.js';
import { CHUNK_SLOTS, ChunkedNumbers } from './chunked-numbers.js';
import type { NumberShape } from './number-shape.js';
import { SpareChunks } from './spare-chunks.js';
import type { ValueStore } from './value-store.js';

/**
 * Values that are made of the same few numbers, as accumulators mostly are: a row of numbers each. To get at one takes one miss of the
 * cache; at an object behind a pointer, two or three.
 */
export class NumberRows implements ValueStore {
  readonly keepsObjects = false;
  /** Whether `number`, `last` and `change` may be called. */
  readonly hasParts: boolean;
  readonly #rows: ChunkedNumbers<Float64Array>;
  #present = new Bitmap();
  readonly #width: number;
  /** Nobody reads it: but loads whose result were of no use would be left out. */
  touched = 0;

  constructor(
    private readonly shape: NumberShape,
    private form: ValueForm,
    /** Gives the store for all values once one is of another shape. */
    private readonly otherwise: (value: unknown, form: ValueForm) => ValueStore,
    private readonly spare = new SpareChunks(),
  ) {
    this.#width = shape.width;
    this.hasParts = shape.last !== undefined;
    this.#rows = new ChunkedNumbers((length) => spare.take(length), shape.width);
  }

  get end(): number {
    return this.#rows.end;
  }

  has(slot: number): boolean {
    return this.#present.has(slot);
  }

  get(slot: number): unknown {
    return this.#present.has(slot) ? this.#at(slot) : undefined;
  }

  prefetch(slots: Int32Array, count: number): void {
    const { chunks } = this.#rows;
    const width = this.#width;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i] as number;
      const chunk = slot < 0 ? undefined : chunks[slot >>> 12];
      if (chunk === undefined) continue;
      const at = (slot & (CHUNK_SLOTS - 1)) * width;
      // a row may lie in two lines of the cache
      sum += (chunk[at] as number) + (chunk[at + width - 1] as number);
    }
    this.touched = sum;
  }

  /** An element of an array, before the last. */
  number(slot: number, place: number): number {
    return this.#rows.chunks[slot >>> 12]![(slot & (CHUNK_SLOTS - 1)) * this.#width + place] as number;
  }

  /** The last element of an array. */
  last(slot: number): unknown {
    const { place, shape } = this.shape.last!;
    return shape.load(this.#rows.chunks[slot >>> 12]!, (slot & (CHUNK_SLOTS - 1)) * this.#width + place);
  }

  /** Changes an element of an array, and the last; answers false, and changes nothing that counts, when that is of another shape. */
  change(slot: number, place: number, number: number, last: unknown): boolean {
    const { place: lastPlace, shape } = this.shape.last!;
    const chunk = this.#rows.chunks[slot >>> 12]!;
    const at = (slot & (CHUNK_SLOTS - 1)) * this.#width;
    if (!shape.save(chunk, at + lastPlace, last)) return false;
    chunk[at + place] = number;
    return true;
  }

  set(slot: number, value: unknown): boolean {
    const rows = this.#rows;
    rows.reserve(slot);
    if (!this.shape.save(rows.chunks[slot >>> 12]!, (slot & (CHUNK_SLOTS - 1)) * this.#width, value)) return false;
    this.#present.add(slot);
    return true;
  }

  instead(value: unknown): ValueStore {
    return this.otherwise(value, this.form);
  }

  retire(): void {
    this.spare.give(this.#rows.retire(), CHUNK_SLOTS * this.#width);
    this.#present = new Bitmap();
  }

  delete(slot: number): void {
    this.#present.delete(slot);
  }

  write(segment: SegmentWriter, { place, keyGroup, key }: EntryKey, slot: number): void {
    segment.put(place, keyGroup, key, NO_SUB_KEY, this.form, this.#at(slot));
  }

  reform(form: ValueForm): void {
    this.form = form;
  }

  read(reader: ValueReader): unknown {
    return this.form.read(reader);
  }

  #at(slot: number): unknown {
    return this.shape.load(this.#rows.chunks[slot >>> 12]!, (slot & (CHUNK_SLOTS - 1)) * this.#width);
  }
}
