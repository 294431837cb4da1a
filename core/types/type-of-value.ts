import { findUnsupported } from './find-unsupported.js';
import type { ObjectField, TypeInfo } from './type-info.js';

/** The longest array taken for a tuple; as in Flink, whose tuples end at 25. */
const MAX_TUPLE = 25;
/** Objects with more properties are taken for dictionaries. */
const MAX_FIELDS = 64;
/** What is nested deeper goes through the value codec. */
const MAX_DEPTH = 5;

/** The type of something that was only seen as `null` or `undefined`: any other type is at least as wide. Compared by identity. */
export const NOTHING: TypeInfo = Object.freeze({ kind: 'generic' });
export const GENERIC: TypeInfo = Object.freeze({ kind: 'generic' });

/**
 * The tightest type that describes exactly this value. Throws `UnsupportedRecordError` for what no type but a declared one
 * can carry.
 */
export function typeOfValue(value: unknown): TypeInfo {
  const error = findUnsupported(value);
  if (error !== undefined) throw error;
  return tightest(value, 0);
}

function tightest(value: unknown, depth: number): TypeInfo {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return { kind: typeof value as 'boolean' | 'string' };
    case 'number':
      return typeOfNumber(value);
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? { kind: 'bigint' } : GENERIC;
    case 'object':
      return value === null ? { kind: 'nullable', of: NOTHING } : typeOfObject(value, depth);
    default:
      return { kind: 'nullable', of: NOTHING };
  }
}

/** -0 is neither an int nor a long: in both it would become 0. */
function typeOfNumber(value: number): TypeInfo {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { kind: 'double' };
  return (value | 0) === value ? { kind: 'int' } : { kind: 'long' };
}

function typeOfObject(value: object, depth: number): TypeInfo {
  if (depth >= MAX_DEPTH) return GENERIC;
  switch (Object.getPrototypeOf(value)) {
    case Date.prototype:
      return { kind: 'date' };
    case Uint8Array.prototype:
      return { kind: 'bytes' };
    case Array.prototype:
      return typeOfArray(value as readonly unknown[], depth);
    case Object.prototype:
      return typeOfPlainObject(value as Readonly<Record<string, unknown>>, depth);
    default:
      return GENERIC;
  }
}

function typeOfArray(value: readonly unknown[], depth: number): TypeInfo {
  if (value.length === 0 || value.length > MAX_TUPLE) return GENERIC;
  return { kind: 'tuple', fields: Array.from(value, (item) => tightest(item, depth + 1)) };
}

function typeOfPlainObject(value: Readonly<Record<string, unknown>>, depth: number): TypeInfo {
  const names = Object.keys(value);
  if (names.length === 0 || names.length > MAX_FIELDS) return GENERIC;
  // A property that every object inherits cannot be told from one that is missing by reading it.
  if (names.some((name) => name in Object.prototype)) return GENERIC;
  return { kind: 'object', fields: names.map((name): ObjectField => ({ name, type: tightest(value[name], depth + 1) })) };
}
