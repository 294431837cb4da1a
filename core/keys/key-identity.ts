import { InvalidKeyError } from './errors.js';

/** What a `Map` can tell apart. */
export type KeyIdentity = string | number | bigint | boolean;

/** First unit of what stands for a key that is no primitive, and of strings that begin with it themselves. */
const MARK = '\u0000';

/**
 * A primitive that is the same for two keys if and only if the keys are equal, for use in a `Map` or `Set`. Numbers, bigints,
 * booleans and nearly all strings stand for themselves; other keys become a string in a canonical form.
 *
 * Equal are: primitives as in a `Map` (-0 is 0, NaN is NaN, 1 is not 1n nor '1'); dates of the same time; arrays with equal
 * items; typed arrays of one class with the same bytes; objects with equal properties in any order, whatever their class; maps
 * and sets with equal entries in any order. Throws `InvalidKeyError` for functions and symbols.
 */
export function keyIdentity(key: unknown): KeyIdentity {
  switch (typeof key) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return key;
    case 'string':
      return key.charCodeAt(0) === 0 ? `${MARK}s${key}` : key;
    default:
      return MARK + canonical(key);
  }
}

/** Self-delimiting: no canonical form is the beginning of another one. */
function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `"${value.length}:${value}`;
    case 'number':
      return `${value + 0};`;
    case 'bigint':
      return `${value}n`;
    case 'boolean':
      return value ? 'T' : 'F';
    case 'undefined':
      return 'U';
    case 'object':
      return value === null ? 'N' : canonicalObject(value);
    default:
      throw new InvalidKeyError(`a ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return canonicalItems(value);
  if (value instanceof Date) return `D${value.getTime()};`;
  if (value instanceof Map) return `M${unordered(Array.from(value, ([key, item]) => canonical(key) + canonical(item)))}`;
  if (value instanceof Set) return `S${unordered(Array.from(value, canonical))}`;
  if (ArrayBuffer.isView(value)) return canonicalBytes(viewName(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return canonicalBytes('ArrayBuffer', new Uint8Array(value));
  return canonicalProperties(value as Readonly<Record<string, unknown>>);
}

function canonicalItems(items: readonly unknown[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) text += canonical(items[i]);
  return `${text}]`;
}

function canonicalProperties(value: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(value);
  if (names.length > 1) names.sort();
  let text = `O${names.length}{`;
  for (const name of names) text += canonical(name) + canonical(value[name]);
  return text;
}

function unordered(parts: string[]): string {
  return `${parts.length}{${parts.sort().join('')}}`;
}

/** A Buffer is a Uint8Array here: they hold the same and hash the same. */
function viewName(view: ArrayBufferView): string {
  return view instanceof Uint8Array ? 'Uint8Array' : view.constructor.name;
}

function canonicalBytes(name: string, bytes: Uint8Array): string {
  return `B${name}${bytes.length}:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
}
