import { keyGroupOf, ValueReader, ValueWriter } from '#core';
import { canonicalKey } from '../segment/canonical.js';

/* The keys of the store: see `EntryKey`. */

const KEY_GROUP_BYTES = 2;
/** States are numbered with one byte. */
export const MOST_STATES = 255;

const KeyTag = { int: 0, double: 1, text: 2, other: 3 } as const;

/**
 * Writes the key of an entry.
 *
 * ```
 *  key group (2) | state (1) | serial of the namespace (4)  | key: length (varint), tag, bytes | sub-key: the same
 *                              only of namespaced states                                      only of maps and timers
 * ```
 * What is scanned together has its first bytes in common: the entries of a namespace in a key group, the entries of a map.
 */
export class EntryKey extends ValueWriter {
  constructor(private readonly maxParallelism: number) {
    super(64);
  }

  /** Begins the entry of a key in a state; serial 0: it has no namespaces. */
  begin(key: unknown, state: number, serial: number): this {
    this.beginGroup(keyGroupOf(key, this.maxParallelism), state, serial);
    return this.append(key);
  }

  beginGroup(keyGroup: number, state: number, serial: number): this {
    this.position = 0;
    this.byte(keyGroup >>> 8);
    this.byte(keyGroup & 255);
    this.byte(state);
    if (serial === 0) return this;
    for (let shift = 24; shift >= 0; shift -= 8) this.byte((serial >>> shift) & 255);
    return this;
  }

  /** Appends the key of a record, or of a map. Equal keys are written alike. */
  append(key: unknown): this {
    if (typeof key === 'number') this.#number(key);
    else this.#other(key);
    return this;
  }

  #number(key: number): void {
    if ((key | 0) === key) {
      this.byte(5);
      this.byte(KeyTag.int);
      this.byte((key >>> 24) ^ 128);
      this.byte((key >>> 16) & 255);
      this.byte((key >>> 8) & 255);
      this.byte(key & 255);
    } else {
      this.byte(9);
      this.byte(KeyTag.double);
      this.double(key);
    }
  }

  #other(key: unknown): void {
    const start = this.position;
    this.byte(0);
    if (typeof key === 'string') {
      this.byte(KeyTag.text);
      this.text(key);
    } else {
      this.byte(KeyTag.other);
      this.value(canonicalKey(key));
    }
    this.#setLength(start);
  }

  #setLength(start: number): void {
    const end = this.position;
    const length = end - start - 1;
    this.position = start;
    if (length < 128) {
      this.byte(length);
      this.position = end;
      return;
    }
    // A length of two bytes or more needs more room than was left for it.
    this.position = end;
    const bytes = Buffer.from(this.written().subarray(start + 1));
    this.position = start;
    this.varint(length);
    this.raw(bytes);
  }
}

/** Where the key that begins at `at` ends. */
export function endOfKey(bytes: Uint8Array, at: number): number {
  let length = 0;
  let byte = 128;
  let position = at;
  for (let shift = 0; byte > 127; shift += 7) length |= ((byte = bytes[position++]!) & 127) << shift;
  return position + length;
}

export const SERIAL_BYTES = 4;

export function serialAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function keyGroupAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function stateAt(bytes: Uint8Array, at: number): number {
  return bytes[at + KEY_GROUP_BYTES]!;
}

/** Where the namespace begins, or the key of a state without. */
export const PREFIX_BYTES = KEY_GROUP_BYTES + 1;

const reader = new ValueReader();

/** The key that begins at `at`. */
export function readKey(bytes: Buffer, at: number): unknown {
  const end = endOfKey(bytes, at);
  let start = at;
  while (bytes[start++]! > 127);
  const tag = bytes[start];
  if (tag === KeyTag.int) return bytes.readInt32BE(start + 1) ^ -0x80000000;
  reader.attach(bytes, start + 1, end);
  if (tag === KeyTag.double) return reader.double();
  return tag === KeyTag.text ? reader.text() : reader.value();
}
