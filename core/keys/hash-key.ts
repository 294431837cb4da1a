import { InvalidKeyError } from './errors.js';

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);
const MASK_32 = 0xffffffffn;

/**
 * The hash of a key, an int32. It decides where keyed state lives, so it is the same in every process and will never change:
 *
 * | key                          | hash                                                                   |
 * | ---------------------------- | ---------------------------------------------------------------------- |
 * | integer of 32 bits, and -0   | the value                                                              |
 * | other safe integer, bigint of 64 bits | low word ^ high word of its two's complement (Java `Long`)    |
 * | other number                 | low word ^ high word of its IEEE 754 bits, NaN as 7ff80000 00000000 (Java `Double`) |
 * | other bigint                 | 31 * h + c over its decimal digits                                     |
 * | string                       | 31 * h + c over its UTF-16 units (Java `String`)                       |
 * | boolean                      | 1231 or 1237 (Java `Boolean`)                                          |
 * | null, undefined              | 0                                                                      |
 * | date                         | that of its milliseconds, as low word ^ high word                      |
 * | array                        | the first item's hash, then 31 * h + hash of the item (Flink's tuples); empty: 0 |
 * | bytes, other typed arrays    | from 1: 31 * h + byte as int8, over the bytes (Java `byte[]`)          |
 * | object                       | the sum of hash(name) ^ hash(value) over its properties, in any order  |
 * | map, set                     | the sum of hash(key) ^ hash(value); of the items' hashes               |
 *
 * Keys that are equal have equal hashes: see `keyIdentity`. Throws `InvalidKeyError` for functions and symbols.
 */
export function hashKey(key: unknown): number {
  switch (typeof key) {
    case 'number':
      return (key | 0) === key ? key | 0 : hashNumber(key);
    case 'string':
      return hashString(key);
    case 'boolean':
      return key ? 1231 : 1237;
    case 'bigint':
      return hashBigint(key);
    case 'undefined':
      return 0;
    case 'object':
      return key === null ? 0 : hashObject(key);
    default:
      throw new InvalidKeyError(`a ${typeof key}`);
  }
}

/** Java's `String.hashCode`. */
export function hashString(text: string): number {
  let hash = 0;
  let i = 0;
  // Four units a step, so that one multiplication need not wait for the other: 31^4, 31^3, 31^2.
  for (const end = text.length - 3; i < end; i += 4) {
    const three = Math.imul(text.charCodeAt(i), 29_791) + Math.imul(text.charCodeAt(i + 1), 961) + Math.imul(text.charCodeAt(i + 2), 31);
    hash = (Math.imul(hash, 923_521) + three + text.charCodeAt(i + 3)) | 0;
  }
  for (; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function hashNumber(value: number): number {
  return Number.isSafeInteger(value) ? hashLong(value) : hashDouble(value);
}

function hashLong(value: number): number {
  return value ^ Math.floor(value / 4_294_967_296);
}

function hashDouble(value: number): number {
  doubles[0] = Number.isNaN(value) ? Number.NaN : value;
  return Number.isNaN(value) ? 0x7ff80000 : words[0]! ^ words[1]!;
}

function hashBigint(value: bigint): number {
  if (BigInt.asIntN(64, value) !== value) return hashString(value.toString());
  const low = Number(value & MASK_32);
  const high = Number((value >> 32n) & MASK_32);
  return (low ^ high) | 0;
}

function hashObject(key: object): number {
  if (Array.isArray(key)) return hashItems(key);
  if (key instanceof Date) return hashDate(key);
  if (key instanceof Map) return hashEntries(key);
  if (ArrayBuffer.isView(key)) return hashBytes(new Uint8Array(key.buffer, key.byteOffset, key.byteLength));
  if (key instanceof ArrayBuffer) return hashBytes(new Uint8Array(key));
  let sum = 0;
  if (key instanceof Set) {
    for (const item of key) sum = (sum + hashKey(item)) | 0;
    return sum;
  }
  for (const name of Object.keys(key)) {
    sum = (sum + (hashString(name) ^ hashKey((key as Readonly<Record<string, unknown>>)[name]))) | 0;
  }
  return sum;
}

function hashItems(items: readonly unknown[]): number {
  if (items.length === 0) return 0;
  let hash = hashKey(items[0]);
  for (let i = 1; i < items.length; i++) hash = (Math.imul(hash, 31) + hashKey(items[i])) | 0;
  return hash;
}

function hashDate(date: Date): number {
  const ms = date.getTime();
  return Number.isNaN(ms) ? hashDouble(ms) : hashLong(ms);
}

function hashEntries(entries: ReadonlyMap<unknown, unknown>): number {
  let sum = 0;
  for (const [key, value] of entries) sum = (sum + (hashKey(key) ^ hashKey(value))) | 0;
  return sum;
}

function hashBytes(bytes: Uint8Array): number {
  let hash = 1;
  for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + ((bytes[i]! << 24) >> 24)) | 0;
  return hash;
}
