/**
 * The first byte of a tagged value. Numbers are never given a new meaning: state on disk has them.
 *
 * | tag                     | then                                                            |
 * | ----------------------- | --------------------------------------------------------------- |
 * | null … true             | nothing                                                         |
 * | int                     | zigzag varint                                                   |
 * | double, date            | 8 bytes, IEEE 754; a date in ms since 1970 UTC, NaN if invalid  |
 * | bigint                  | varint(bytes * 2 + negative), the magnitude's bytes, low first  |
 * | text                    | see ByteWriter                                                  |
 * | array, set              | varint count, values                                            |
 * | object, bareObject      | varint count, (text, value) pairs; bare: without a prototype    |
 * | map                     | varint count, (value, value) pairs                              |
 * | arrayBuffer … bigUint64 | varint bytes, bytes                                             |
 */
export const ValueTag = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  int: 4,
  double: 5,
  bigint: 6,
  text: 7,
  date: 8,
  array: 9,
  set: 10,
  object: 11,
  bareObject: 12,
  map: 13,
  arrayBuffer: 14,
  buffer: 15,
  firstTypedArray: 16,
} as const;

type TypedArrayClass = new (memory: ArrayBuffer) => ArrayBufferView;

/** The classes of typed arrays, in the order of their tags from `firstTypedArray`. */
export const TYPED_ARRAYS: readonly TypedArrayClass[] = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];
