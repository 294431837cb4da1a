import { type TypeInfo, type ValueReader, ValueWriter } from '#core';
import { type EntryKey, NO_SUB_KEY, type SegmentWriter } from '../../segment/segment-writer.js';
import { Bitmap } from '../bitmap.js';
import type { ValueForm } from '../value-form.js';
import { CHUNK_SLOTS, ChunkedNumbers } from './chunked-numbers.js';
import type { ValueStore } from './value-store.js';

type NumberKind = 'int' | 'long' | 'double';

const FITS: Readonly<Record<NumberKind, (value: unknown) => value is number>> = {
  int: (value): value is number => typeof value === 'number' && (value | 0) === value,
  long: (value): value is number => Number.isSafeInteger(value),
  double: (value): value is number => typeof value === 'number',
};

/** Numbers, eight bytes each. */
export class NumberStore implements ValueStore {
  readonly keepsObjects = false;
  readonly #numbers = new ChunkedNumbers((length) => new Float64Array(length));
  readonly #present = new Bitmap();
  readonly #fits: (value: unknown) => value is number;
  readonly #whole: boolean;

  constructor(
    kind: NumberKind,
    private form: ValueForm,
  ) {
    this.#fits = FITS[kind];
    this.#whole = kind !== 'double';
  }

  static holds(type: TypeInfo): type is TypeInfo & { readonly kind: NumberKind } {
    return type.kind in FITS;
  }

  get end(): number {
    return this.#numbers.end;
  }

  has(slot: number): boolean {
    return this.#present.has(slot);
  }

  get(slot: number): unknown {
    return this.#present.has(slot) ? this.#at(slot) : undefined;
  }

  set(slot: number, value: unknown): boolean {
    if (!this.#fits(value)) return false;
    const numbers = this.#numbers;
    numbers.reserve(slot);
    // whole numbers have no -0, as in their form
    numbers.chunks[slot >>> 12]![slot & (CHUNK_SLOTS - 1)] = this.#whole ? value + 0 : value;
    this.#present.add(slot);
    return true;
  }

  /** The type is declared: its form knows what to say of another value. */
  instead(value: unknown): ValueStore {
    this.form.write(new ValueWriter(), value);
    return this;
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

  #at(slot: number): number {
    return this.#numbers.chunks[slot >>> 12]![slot & (CHUNK_SLOTS - 1)]!;
  }
}
