import { keyIdentity } from '#core';

/**
 * A key in the one form that all equal keys have (see `keyIdentity`), so that the value codec writes equal keys as the same bytes: -0 as 0,
 * properties, entries and items of sets in order, a Buffer as the bytes it is, an instance of a class as a plain object.
 */
export function canonicalKey(key: unknown): unknown {
  if (typeof key === 'number') return key + 0;
  if (typeof key !== 'object' || key === null) return key;
  return canonicalObject(key);
}

function canonicalObject(key: object): unknown {
  if (Array.isArray(key)) return Array.from(key, canonicalKey);
  if (key instanceof Date) return new Date(key.getTime());
  if (key instanceof Map) return new Map(ordered(Array.from(key, (entry) => entry.map(canonicalKey) as [unknown, unknown])));
  if (key instanceof Set) return new Set(ordered(Array.from(key, canonicalKey)));
  if (key instanceof Uint8Array) return new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
  if (ArrayBuffer.isView(key) || key instanceof ArrayBuffer) return key;
  const fields = key as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields).sort();
  return Object.fromEntries(names.map((name) => [name, canonicalKey(fields[name])]));
}

function ordered<T>(items: T[]): T[] {
  const keyed = items.map((item) => ({ item, by: String(keyIdentity([item])) }));
  keyed.sort((a, b) => (a.by < b.by ? -1 : Number(a.by > b.by)));
  return keyed.map(({ item }) => item);
}
