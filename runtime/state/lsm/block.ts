import { compareBytes } from './key-bytes.js';

/**
 * Reads the entries of one block, wherever its bytes are. What `entry` found is in the fields, valid as long as the bytes are.
 * The bytes are taken as checked.
 */
export class BlockReader {
  bytes: Buffer = Buffer.alloc(0);
  /** Entries. */
  count = 0;
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  deleted = false;
  #start = 0;
  /** Where the places of the entries stand. */
  #places = 0;

  attach(bytes: Buffer, start: number, length: number): this {
    this.bytes = bytes;
    this.#start = start;
    const end = start + length;
    this.count = bytes[end - 6]! | (bytes[end - 5]! << 8);
    this.#places = end - 6 - 2 * this.count;
    return this;
  }

  /** Goes to that entry. */
  entry(index: number): void {
    const bytes = this.bytes;
    let at = this.#placeOf(index);
    let length = 0;
    let byte = 128;
    for (let shift = 0; byte > 127; shift += 7) length |= ((byte = bytes[at++]!) & 127) << shift;
    const keyLength = length;
    length = 0;
    byte = 128;
    for (let shift = 0; byte > 127; shift += 7) length |= ((byte = bytes[at++]!) & 127) << shift;
    this.deleted = length === 0;
    this.keyStart = at;
    this.keyEnd = at + keyLength;
    this.valueStart = this.keyEnd;
    this.valueEnd = this.keyEnd + (length === 0 ? 0 : length - 1);
  }

  /** The first entry whose key is not before the given one; `count` when there is none. Stands on it then. */
  seek(key: Uint8Array, from: number, to: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      this.entry(middle);
      if (compareBytes(this.bytes, this.keyStart, this.keyEnd, key, from, to) < 0) low = middle + 1;
      else high = middle;
    }
    if (low < this.count) this.entry(low);
    return low;
  }

  #placeOf(index: number): number {
    const at = this.#places + 2 * index;
    return this.#start + (this.bytes[at]! | (this.bytes[at + 1]! << 8));
  }
}
