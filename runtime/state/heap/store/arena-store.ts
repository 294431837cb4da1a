import { type ValueReader, ValueWriter } from '#core';
import type { EntryKey, SegmentWriter } from '../../segment/segment-writer.js';
import type { ValueForm } from '../value-form.js';
import { ByteArena } from './byte-arena.js';
import { CHUNK_SLOTS, ChunkedNumbers } from './chunked-numbers.js';
import type { ValueStore } from './value-store.js';

/** Memory of the writer that is kept for the next value. */
const WRITER_BYTES = 64 * 1024;

/** Values as bytes, in the form that segments have: snapshots and restores copy them as they are. */
export class ArenaStore implements ValueStore {
  readonly keepsObjects = false;
  readonly #arena = new ByteArena();
  /** 0: none. */
  readonly #places = new ChunkedNumbers((length) => new Uint32Array(length));
  readonly #writer = new ValueWriter();

  constructor(private form: ValueForm) {}

  get end(): number {
    return this.#places.end;
  }

  has(slot: number): boolean {
    return this.#placeOf(slot) !== 0;
  }

  get(slot: number): unknown {
    const place = this.#placeOf(slot);
    return place === 0 ? undefined : this.form.read(this.#arena.read(place));
  }

  set(slot: number, value: unknown): boolean {
    const writer = this.#writer;
    writer.reset(WRITER_BYTES);
    this.form.write(writer, value);
    this.takeBytes(slot, writer.buffer, 0, writer.position);
    return true;
  }

  delete(slot: number): void {
    const place = this.#placeOf(slot);
    if (place === 0) return;
    this.#arena.remove(place);
    this.#put(slot, 0);
  }

  write(segment: SegmentWriter, entry: EntryKey, slot: number): void {
    segment.putRun(entry, this.#arena, this.#placeOf(slot));
  }

  reform(form: ValueForm): void {
    this.form = form;
  }

  /** Never needed: a value that the form cannot write is an error. */
  instead(): ValueStore {
    return this;
  }

  read(reader: ValueReader): unknown {
    return this.form.read(reader);
  }

  takeBytes(slot: number, bytes: Uint8Array, from: number, end: number): void {
    const place = this.#placeOf(slot);
    const now = place === 0 ? this.#arena.add(bytes, from, end) : this.#arena.replace(place, bytes, from, end);
    if (now !== place) this.#put(slot, now);
  }

  #placeOf(slot: number): number {
    return slot < this.#places.end ? this.#places.chunks[slot >>> 12]![slot & (CHUNK_SLOTS - 1)]! : 0;
  }

  #put(slot: number, place: number): void {
    this.#places.reserve(slot);
    this.#places.chunks[slot >>> 12]![slot & (CHUNK_SLOTS - 1)] = place;
  }
}
