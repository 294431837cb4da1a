import { hashString, keyGroupOf, keyIdentity, ValueReader, ValueWriter } from '#core';
import type { Namespace } from '../keyed-state-backend.js';

/* The keys of the store: see `EntryKey`. */

const KEY_GROUP_BYTES = 2;
/** States are numbered with one byte. */
export const MOST_STATES = 255;

const KeyTag = { int: 0, double: 1, text: 2, other: 3 } as const;

/**
 * Writes the key of an entry.
 *
 * ```
 *  key group (2) | state (1) | namespace: length (1), bytes, generation (4) | key: length (varint), tag, bytes | sub-key: the same
 *                              only of namespaced states                                                          only of maps
 * ```
 * What is scanned together has its first bytes in common: the entries of a namespace in a key group, the entries of a map.
 */
export class EntryKey extends ValueWriter {
  constructor(private readonly maxParallelism: number) {
    super(64);
  }

  /** Begins the entry of a key in a state. */
  begin(key: unknown, state: number, namespace: Uint8Array | undefined): this {
    this.beginGroup(keyGroupOf(key, this.maxParallelism), state, namespace);
    return this.append(key);
  }

  beginGroup(keyGroup: number, state: number, namespace: Uint8Array | undefined): this {
    this.position = 0;
    this.byte(keyGroup >>> 8);
    this.byte(keyGroup & 255);
    this.byte(state);
    if (namespace !== undefined) this.raw(namespace);
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
      this.value(canonical(key));
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

/** Where the namespace that begins at `at` ends, its generation included. */
export function endOfNamespace(bytes: Uint8Array, at: number): number {
  return at + 1 + bytes[at]! + 4;
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

/** A namespace as it stands in keys; equal ones are alike, and their order is that of their numbers. */
export function namespaceBytes(namespace: Namespace, generation: number): Buffer {
  const numbers = typeof namespace === 'number' ? [namespace] : namespace;
  const bytes = Buffer.alloc(1 + 8 * numbers.length + 4);
  bytes[0] = 8 * numbers.length;
  numbers.forEach((number, index) => writeSortable(bytes, 1 + 8 * index, number));
  bytes.writeUInt32BE(generation, bytes.length - 4);
  return bytes;
}

/** The bits of a double so that they sort as the numbers do. */
function writeSortable(bytes: Buffer, at: number, number: number): void {
  bytes.writeDoubleBE(number + 0, at);
  if (bytes[at]! < 128) bytes[at]! ^= 128;
  else for (let i = 0; i < 8; i++) bytes[at + i]! ^= 255;
}

/** Objects with their properties, maps and sets with their entries, in one order. */
function canonical(key: unknown): unknown {
  if (Buffer.isBuffer(key)) return new Uint8Array(key);
  if (typeof key !== 'object' || key === null || key instanceof Date || ArrayBuffer.isView(key) || key instanceof ArrayBuffer) return key;
  if (Array.isArray(key)) return key.map(canonical);
  if (key instanceof Map) return new Map(sorted([...key].map(([name, item]) => [canonical(name), canonical(item)] as const)));
  if (key instanceof Set) return new Set(sorted([...key].map(canonical)));
  const properties = Object.entries(key).map(([name, item]) => [name, canonical(item)] as const);
  return Object.fromEntries(properties.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sorted<T>(items: T[]): T[] {
  const withHash = items.map((item) => ({ item, text: String(keyIdentity(item)) }));
  return withHash.sort((a, b) => hashString(a.text) - hashString(b.text) || (a.text < b.text ? -1 : 1)).map(({ item }) => item);
}
