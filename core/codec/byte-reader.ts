import { CorruptDataError } from './errors.js';

/** Texts up to this length are put together unit by unit; such a concatenation is flat, and asking the platform takes 50 ns. */
const SHORT_TEXT = 12;

/** Names up to this length are looked for among those read before. */
const LONGEST_KNOWN_NAME = 40;
const knownNames = new Array<string>(512).fill('');

/** Reads what {@link ByteWriter} wrote. Throws {@link CorruptDataError} where the bytes end too early. */
export class ByteReader {
  position = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = 0;

  /** Reads from `start` to `end` of `bytes` from now on. What is read is copied out. */
  attach(bytes: Buffer, start = 0, end = bytes.length): this {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.position = start;
    this.#end = end;
    return this;
  }

  /** What it reads from, up to `end`. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  get end(): number {
    return this.#end;
  }

  get remaining(): number {
    return this.#end - this.position;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new CorruptDataError('an integer is longer than five bytes');
  }

  int(): number {
    const value = this.varint();
    return (value >>> 1) ^ -(value & 1);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** A copy of the next bytes, in memory of its own. */
  raw(count: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(count);
    const copy = new Uint8Array(count);
    copy.set(this.#bytes.subarray(at, at + count));
    return copy;
  }

  text(): string {
    const header = this.varint();
    const units = header >>> 1;
    if ((header & 1) === 1) return this.#bytes.toString('utf16le', this.#take(units * 2), this.position);
    const at = this.#take(units);
    return units <= SHORT_TEXT ? this.#shortText(at) : this.#bytes.toString('latin1', at, this.position);
  }

  /** A text that was likely read before, such as the name of a property: then the same string is answered, not a new one. */
  name(): string {
    const start = this.position;
    const header = this.varint();
    const units = header >>> 1;
    if ((header & 1) === 1 || units > LONGEST_KNOWN_NAME) {
      this.position = start;
      return this.text();
    }
    const at = this.#take(units);
    let hash = units;
    for (let i = at; i < this.position; i++) hash = (Math.imul(hash, 31) + this.#bytes[i]!) | 0;
    const slot = hash & (knownNames.length - 1);
    const known = knownNames[slot]!;
    if (known.length === units && this.#holds(known, at)) return known;
    return (knownNames[slot] = this.#bytes.toString('latin1', at, this.position));
  }

  #holds(text: string, at: number): boolean {
    for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== this.#bytes[at + i]) return false;
    return true;
  }

  #shortText(start: number): string {
    const bytes = this.#bytes;
    let text = '';
    let at = start;
    for (; at + 4 <= this.position; at += 4) text += String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
    while (at < this.position) text += String.fromCharCode(bytes[at++]!);
    return text;
  }

  /** The count of things that follow, each of at least `itemBytes` bytes, so that a broken count asks for no memory. */
  count(itemBytes = 1): number {
    const count = this.varint();
    if (count * itemBytes > this.remaining) throw new CorruptDataError(`${count} items cannot follow in ${this.remaining} bytes`);
    return count;
  }

  #take(count: number): number {
    const at = this.position;
    if (at + count > this.#end) throw new CorruptDataError(`${count} bytes are needed, ${this.#end - at} are left`);
    this.position = at + count;
    return at;
  }
}
