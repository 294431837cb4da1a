import { compile } from '#core';
import type { KeySpec } from '#api';
import { detached } from '../state/detach.js';
import { KeyTable } from '../state/key-table.js';

/** Answered instead of a result for a record that the columns cannot hold; they are then given up. */
export const MISMATCH = Symbol('the record is of another shape');

export type ReplacingAggregation = 'sum' | 'min' | 'max';

/**
 * The records of a running aggregation as columns, one row a key: numbers side by side in one `Float64Array`, everything else in an
 * array.
 *
 * ```
 *  numbers   slot 0: key ts value │ slot 1: key ts value │ …        objects  slot 0: word │ slot 1: word │ …
 * ```
 * Results are made anew for each record and not kept. Keeping them instead, one object a key replaced with every record, costs four times
 * as much: each lives just long enough to be copied by the garbage collector.
 */
export interface RecordColumns {
  readonly size: number;
  /** The record of the key after this one, or {@link MISMATCH}. */
  update(record: unknown): unknown;
  /** As `update`, without making the result. */
  absorb(record: unknown): unknown;
  resultAt(slot: number): unknown;
}

/**
 * Columns for records like the sample, a plain object or a tuple whose aggregated field is a number; undefined for other records.
 */
export function recordColumns(key: KeySpec, aggregation: ReplacingAggregation, field: string, sample: unknown): RecordColumns | undefined {
  if (!isPlain(sample) || typeof (sample as Record<string, unknown>)[field] !== 'number') return undefined;
  const names = Object.keys(sample);
  const numeric = names.filter((name) => typeof (sample as Record<string, unknown>)[name] === 'number');
  const admits = (record: unknown): boolean =>
    isPlain(record) &&
    Array.isArray(record) === Array.isArray(sample) &&
    hasExactly(record, names) &&
    numeric.every((name) => typeof (record as Record<string, unknown>)[name] === 'number');
  const source = columnsSource(key, aggregation, field, names, numeric, sample);
  return compile('record-columns', source, { keys: new KeyTable(), select: key.select, admits, detached, MISMATCH }) as RecordColumns;
}

function isPlain(record: unknown): record is object {
  if (Array.isArray(record)) return true;
  return typeof record === 'object' && record !== null && Object.getPrototypeOf(record) === Object.prototype;
}

function hasExactly(record: object, names: readonly string[]): boolean {
  let at = 0;
  for (const name in record) if (name !== names[at++]) return false;
  return at === names.length;
}

const STEP: Readonly<Record<ReplacingAggregation, (cell: string) => string>> = {
  sum: (cell) => `${cell} += value;`,
  min: (cell) => `if (value < ${cell}) ${cell} = value;`,
  max: (cell) => `if (value > ${cell}) ${cell} = value;`,
};

function columnsSource(
  key: KeySpec,
  aggregation: ReplacingAggregation,
  field: string,
  names: readonly string[],
  numeric: readonly string[],
  sample: object,
): string {
  const objects = names.filter((name) => !numeric.includes(name));
  const cell = (name: string): string =>
    numeric.includes(name)
      ? `numbers[slot * ${numeric.length} + ${numeric.indexOf(name)}]`
      : `objects[slot * ${objects.length} + ${objects.indexOf(name)}]`;
  const property = (name: string): string => `record[${JSON.stringify(name)}]`;
  const literal = Array.isArray(sample)
    ? `[${names.map(cell).join(', ')}]`
    : `{ ${names.map((name) => `${JSON.stringify(name)}: ${cell(name)}`).join(', ')} }`;
  const store = names
    .map((name) => `${cell(name)} = ${numeric.includes(name) ? property(name) : `detached(${property(name)})`};`)
    .join(' ');
  return `let numbers = new Float64Array(${numeric.length} * 1024), size = 0;
const objects = [];
function insert(record, slot) {
  size++;
  if (numbers.length < size * ${numeric.length}) {
    const before = numbers;
    numbers = new Float64Array(before.length * 2);
    numbers.set(before);
  }
  ${store}
}
function absorb(record) {
  if (record === null || typeof record !== 'object') return MISMATCH;
  const value = ${property(field)};
  if (typeof value !== 'number') return MISMATCH;
  const known = size;
  const slot = keys.slotOf(${keyOf(key)});
  if (slot === known) { if (!admits(record)) return MISMATCH; insert(record, slot); }
  else { ${STEP[aggregation](cell(field))} }
  return slot;
}
return {
  get size() { return size; },
  absorb,
  update(record) { const slot = absorb(record); return slot === MISMATCH ? MISMATCH : ${literal}; },
  resultAt(slot) { return ${literal}; },
};`;
}

/** A plain field path is read in place; anything else goes through the selector. */
function keyOf(key: KeySpec): string {
  if (key.field === undefined || key.field.includes('.')) return 'select(record)';
  return `record[${JSON.stringify(key.field)}]`;
}
