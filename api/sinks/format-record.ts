import { PROMISE, UnsupportedRecordError } from '#core';

/**
 * A record as people read it, for printing and text files.
 *
 * | record                                  | text                                                    |
 * | --------------------------------------- | ------------------------------------------------------- |
 * | text, number, boolean, bigint           | as it is: `to be`, `12`                                 |
 * | tuple (array)                           | `(be,2)`, tuples in it likewise                         |
 * | plain object                            | JSON: `{"word":"be","count":2}`                         |
 * | instance of a class with a `toString`   | what that answers                                       |
 * | Date                                    | ISO 8601                                                |
 * | `Map`, `Set`, bytes                     | JSON: an object, if all keys are text, or pairs; a list; base64 |
 *
 * In JSON a bigint is a number, dates and bytes are text, `NaN` and infinities are text, and nothing is left out but functions.
 *
 * Throws `UnsupportedRecordError` (user) for a promise: what it will be is not known.
 */
export function formatRecord(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return tupleText(value);
  if (value instanceof Date) return dateText(value);
  return ownText(value) ?? jsonText(value);
}

function tupleText(fields: readonly unknown[]): string {
  let text = '(';
  for (let i = 0; i < fields.length; i++) text += i === 0 ? formatRecord(fields[i]) : `,${formatRecord(fields[i])}`;
  return `${text})`;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}

/** What an object of a class that can show itself says. */
function ownText(value: object): string | undefined {
  const { toString } = value as { readonly toString: unknown };
  if (typeof toString !== 'function' || toString === Object.prototype.toString || ArrayBuffer.isView(value)) return undefined;
  return String(toString.call(value));
}

function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case 'object':
      return value === null ? 'null' : jsonObject(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return 'null';
  }
}

function jsonObject(value: object): string {
  if (value instanceof Promise) throw new UnsupportedRecordError('', PROMISE);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof Date) return `"${dateText(value)}"`;
  if (value instanceof Map) return jsonMap(value);
  if (value instanceof Set) return `[${Array.from(value, jsonText).join(',')}]`;
  if (ArrayBuffer.isView(value)) return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
  let text = '';
  for (const [name, field] of Object.entries(value)) {
    if (typeof field !== 'function') text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${jsonText(field)}`;
  }
  return `{${text}}`;
}

function jsonMap(map: ReadonlyMap<unknown, unknown>): string {
  const entries = [...map];
  const named = entries.every(([key]) => typeof key === 'string');
  const pairs = entries.map(([key, field]) => (named ? `${jsonText(key)}:${jsonText(field)}` : `[${jsonText(key)},${jsonText(field)}]`));
  return named ? `{${pairs.join(',')}}` : `[${pairs.join(',')}]`;
}
