import { type ValueReader, ValueWriter } from '#core';
import type { EntryKey, SegmentWriter } from '../../segment/segment-writer.js';
import type { ValueForm } from '../value-form.js';
import { ByteArena } from './byte-arena.js';
import { ChunkedColumn } from './chunked-column.js';
import type { ValueStore } from './value-store.js';

/** Memory of the writer that is kept for the next value. */
const WRITER_BYTES = 64 * 1024;

/** Values as bytes, in the form that segments have: snapshots and restores copy them as they are. */
export class ArenaStore implements ValueStore {
  readonly keepsObjects = false;
  readonly #arena = new ByteArena();
  /** 0: none. */
  readonly #places = new ChunkedColumn((length) => new Uint32Array(length));
  readonly #writer = new ValueWriter();

  constructor(private form: ValueForm) {}

  get end(): number {
    return this.#places.end;
  }

  has(slot: number): boolean {
    return this.#places.get(slot) !== 0;
  }

  get(slot: number): unknown {
    const place = this.#places.get(slot);
    return place === 0 ? undefined : this.form.read(this.#arena.read(place));
  }

  set(slot: number, value: unknown): void {
    const writer = this.#writer;
    writer.reset(WRITER_BYTES);
    this.form.write(writer, value);
    this.#keep(slot, writer.buffer, 0, writer.position);
  }

  delete(slot: number): void {
    const place = this.#places.get(slot);
    if (place === 0) return;
    this.#arena.remove(place);
    this.#places.set(slot, 0);
  }

  write(segment: SegmentWriter, entry: EntryKey, slot: number): void {
    segment.putRun(entry, this.#arena, this.#places.get(slot));
  }

  reform(form: ValueForm): void {
    this.form = form;
  }

  restore(slot: number, reader: ValueReader): void {
    this.#keep(slot, reader.buffer, reader.position, reader.end);
  }

  #keep(slot: number, bytes: Uint8Array, from: number, end: number): void {
    const place = this.#places.get(slot);
    const now = place === 0 ? this.#arena.add(bytes, from, end) : this.#arena.replace(place, bytes, from, end);
    if (now !== place) this.#places.set(slot, now);
  }
}
