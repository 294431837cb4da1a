import { copyBytes } from './copy-bytes.js';
import { RecordTooLargeError } from './errors.js';

/** No record, state value or event is larger. */
export const MAX_ENCODED_BYTES = 2 ** 30;

/** Texts up to this length are written unit by unit; longer ones by the platform. */
const SHORT_TEXT = 24;

/**
 * A growing run of bytes, little-endian, at most 1 GiB (then `RecordTooLargeError`). The parts of {@link ValueWriter} that
 * know nothing of types.
 *
 * A text is `varint(units * 2 + wide)`, then a byte a unit (all units below 256) or, if wide, two: any text comes back
 * exactly, lone surrogates included.
 */
export class ByteWriter {
  /** Bytes written; may be set back to forget the last of them. */
  position = 0;
  #bytes: Buffer;
  #view: DataView;

  constructor(initialBytes = 256) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written, not copied: valid until the next write. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.position);
  }

  /** The memory that it writes to, from its begin on: valid until the next write. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  copyTo(target: Buffer, at: number, from = 0, end = this.position): void {
    this.#bytes.copy(target, at, from, end);
  }

  /** Forgets everything, and gives memory back when there is more than `keepBytes` of it. */
  reset(keepBytes = Number.POSITIVE_INFINITY): void {
    this.position = 0;
    if (this.#bytes.length > keepBytes) this.#replace(Buffer.allocUnsafeSlow(keepBytes));
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.position++] = value;
  }

  /** An integer from 0 to 2^32 - 1 in one to five bytes. */
  varint(value: number): void {
    this.#reserve(5);
    const bytes = this.#bytes;
    let rest = value;
    let at = this.position;
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.position = at;
  }

  /** An integer of 32 bits; small ones, of either sign, in few bytes. */
  int(value: number): void {
    this.varint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.position, value, true);
    this.position += 8;
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.position, value, true);
    this.position += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Appends bytes `from` to `end` of another run. */
  copyFrom(bytes: Buffer, from: number, end: number): void {
    this.#reserve(end - from);
    copyBytes(bytes, from, end, this.#bytes, this.position);
    this.position += end - from;
  }

  text(value: string): void {
    const units = value.length;
    this.#reserve(5 + 2 * units);
    const header = this.position;
    this.varint(units * 2);
    if (!this.#narrow(value)) {
      this.position = header;
      this.varint(units * 2 + 1);
      this.position += this.#bytes.write(value, this.position, 'utf16le');
    }
  }

  /**
   * Writes the text as one byte a unit; false when it is not certain that all of them fit. There is room for two bytes a
   * unit, so that UTF-8 is as long as the text only when all of it is ascii.
   */
  #narrow(value: string): boolean {
    const bytes = this.#bytes;
    const at = this.position;
    const units = value.length;
    if (units > SHORT_TEXT) {
      if (bytes.write(value, at, 'utf8') !== units) return false;
    } else {
      for (let i = 0; i < units; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 255) return false;
        bytes[at + i] = unit;
      }
    }
    this.position = at + units;
    return true;
  }

  #reserve(count: number): void {
    if (this.position + count > this.#bytes.length) this.#grow(this.position + count);
  }

  #grow(atLeast: number): void {
    if (atLeast > MAX_ENCODED_BYTES) throw new RecordTooLargeError(atLeast, MAX_ENCODED_BYTES);
    const larger = Buffer.allocUnsafeSlow(Math.min(MAX_ENCODED_BYTES, Math.max(atLeast, this.#bytes.length * 2)));
    this.copyTo(larger, 0);
    this.#replace(larger);
  }

  #replace(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
