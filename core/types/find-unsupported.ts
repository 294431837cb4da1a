import { PROMISE, UnsupportedRecordError } from './errors.js';
import { positionPath, propertyPath } from './record-path.js';

/** How deep values may be nested; what is deeper is most often a cycle. */
export const MAX_NESTING = 500;

const isTypedArray = (value: object): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** What the value codec can carry, by prototype. */
const CARRIED: ReadonlySet<unknown> = new Set<unknown>([
  null,
  Object.prototype,
  Array.prototype,
  Date.prototype,
  Map.prototype,
  Set.prototype,
  ArrayBuffer.prototype,
  Buffer.prototype,
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].map((c) => c.prototype as unknown),
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array].map((c) => c.prototype as unknown),
]);

/** Why the value itself, not what is inside it, cannot be carried; undefined when it can. */
function objection(value: unknown): { readonly what: string; readonly className?: string } | undefined {
  if (typeof value === 'function') return { what: 'a function' };
  if (typeof value === 'symbol') return { what: 'a symbol' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Promise) return { what: PROMISE };
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  if (CARRIED.has(prototype)) return undefined;
  const name = prototype?.constructor?.name;
  const className = typeof name === 'string' && name !== '' ? name : 'anonymous';
  return { what: `an instance of class "${className}", whose type is not declared`, className };
}

/** The first thing inside a value that cannot be carried, as an error that names its path; undefined when there is none. */
export function findUnsupported(value: unknown, path = ''): UnsupportedRecordError | undefined {
  return search(value, path, []);
}

function search(value: unknown, path: string, ancestors: readonly object[]): UnsupportedRecordError | undefined {
  const found = objection(value);
  if (found !== undefined) return new UnsupportedRecordError(path, found.what, found.className);
  if (typeof value !== 'object' || value === null) return undefined;
  if (isTypedArray(value) || value instanceof Date || value instanceof ArrayBuffer) return undefined;
  if (ancestors.includes(value)) return new UnsupportedRecordError(path, 'a reference to an object that contains it');
  if (ancestors.length >= MAX_NESTING) return new UnsupportedRecordError(path, `nested more than ${MAX_NESTING} deep`);
  const below = [...ancestors, value];
  for (const [innerPath, inner] of parts(value, path)) {
    const error = search(inner, innerPath, below);
    if (error !== undefined) return error;
  }
  return undefined;
}

function* parts(value: object, path: string): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) yield [positionPath(path, i), value[i]];
  } else if (value instanceof Map) {
    let i = 0;
    for (const [key, item] of value) {
      yield [`${path}.keys()[${i}]`, key];
      yield [`${path}.values()[${i++}]`, item];
    }
  } else if (value instanceof Set) {
    let i = 0;
    for (const item of value) yield [`${path}.values()[${i++}]`, item];
  } else {
    for (const [name, item] of Object.entries(value)) yield [propertyPath(path, name), item];
  }
}
