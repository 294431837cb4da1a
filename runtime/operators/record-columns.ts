import { compile } from '#core';
import type { KeySpec } from '#api';
import { detached } from '../state/detach.js';
import type { OperatorRows } from '../state/keyed-state-backend.js';
import { KeyTable } from '../state/key-table.js';
import { NumberKeys } from '../state/number-keys.js';
import { StringKeys } from '../state/string-keys.js';

/** Answered instead of a result for a record that the columns cannot hold; they are then given up. */
export const MISMATCH = Symbol('the record is of another shape');

export type ReplacingAggregation = 'sum' | 'min' | 'max';

/**
 * The records of a running aggregation as columns, one row a key: numbers side by side in one `Float64Array`, everything else in an
 * array. The key itself, if it is a field of one kind, is in the table of keys only. Which field that is may be unknown, for a key that a
 * function selects; then the first text field that is the first record's key is presumed to be the key of all.
 *
 * ```
 *  keys  slot 0: key │ slot 1: key │ …     numbers  slot 0: ts value │ slot 1: ts value │ …     objects  slot 0: name │ slot 1: name │ …
 * ```
 * Results are made anew for each record and not kept. Keeping them instead, one object a key replaced with every record, costs four times
 * as much: each lives just long enough to be copied by the garbage collector.
 */
export interface RecordColumns {
  readonly size: number;
  /** Whether a field is presumed to be the key; a record that refutes it is a mismatch, which columns without the presumption may hold. */
  readonly presuming: boolean;
  /** The record of the key after this one, or {@link MISMATCH}. */
  update(record: unknown): unknown;
  /** As `update`, without making the result. */
  absorb(record: unknown): unknown;
  resultAt(slot: number): unknown;
  keyAt(slot: number): unknown;
  /** Makes the row of a key that has none, with this record; answers {@link MISMATCH} when the columns cannot hold it. */
  restore(key: unknown, record: unknown): unknown;
}

/** What columns are made for. */
export interface ColumnsRequest {
  readonly key: KeySpec;
  readonly aggregation: ReplacingAggregation;
  readonly field: string;
  readonly sample: unknown;
  /** Whether a field may be presumed to be the key. */
  readonly presume: boolean;
  /** Hears of changes. */
  readonly rows?: OperatorRows | undefined;
}

/**
 * Columns for records like the sample, a plain object or a tuple whose aggregated field is a number; undefined for other records.
 */
export function recordColumns({ key, aggregation, field, sample, presume, rows }: ColumnsRequest): RecordColumns | undefined {
  if (!isPlain(sample) || typeof (sample as Record<string, unknown>)[field] !== 'number') return undefined;
  const names = Object.keys(sample);
  const numeric = names.filter((name) => typeof (sample as Record<string, unknown>)[name] === 'number');
  const admits = (record: unknown): boolean =>
    isPlain(record) &&
    Array.isArray(record) === Array.isArray(sample) &&
    hasExactly(record, names) &&
    numeric.every((name) => typeof (record as Record<string, unknown>)[name] === 'number');
  const source = new ColumnsSource({ key, aggregation, field, names, numeric, sample, presume, marked: rows !== undefined });
  const constants = { keys: source.keys, select: key.select, admits, detached, MISMATCH, rows };
  return compile('record-columns', source.text(), constants) as RecordColumns;
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

interface ColumnsShape {
  readonly key: KeySpec;
  readonly aggregation: ReplacingAggregation;
  readonly field: string;
  readonly names: readonly string[];
  readonly numeric: readonly string[];
  readonly sample: object;
  readonly presume: boolean;
  /** Whether `rows` hears of changes. */
  readonly marked: boolean;
}

/** Writes the code of columns of one shape. */
class ColumnsSource {
  /** The field that is the key, when it is of a kind that has a table of its own. */
  readonly #keyField: string | undefined;
  readonly #keyKind: 'string' | 'number' | undefined;
  readonly #numbers: readonly string[];
  readonly #objects: readonly string[];
  /** The same field, if it is presumed: then the selector tells the key, and each new key is compared with its field. */
  readonly #presumed: string | undefined;

  constructor(private readonly shape: ColumnsShape) {
    const { key, names, numeric, sample, presume } = shape;
    this.#presumed = presume && key.field === undefined ? this.#presumedField(key.select(sample)) : undefined;
    const keyField = this.#presumed ?? key.field;
    const kind = keyField !== undefined && names.includes(keyField) ? typeof (sample as Record<string, unknown>)[keyField] : undefined;
    if (keyField !== shape.field && (kind === 'string' || kind === 'number')) {
      this.#keyKind = kind;
      this.#keyField = keyField;
    }
    this.#numbers = numeric.filter((name) => name !== this.#keyField);
    this.#objects = names.filter((name) => name !== this.#keyField && !numeric.includes(name));
  }

  /** Texts only: 0 and -0 are one key, but not one value of a field. */
  #presumedField(key: unknown): string | undefined {
    const { names, sample } = this.shape;
    return typeof key === 'string' ? names.find((name) => (sample as Record<string, unknown>)[name] === key) : undefined;
  }

  get keys(): StringKeys | NumberKeys | KeyTable {
    if (this.#keyKind === undefined) return new KeyTable();
    return this.#keyKind === 'string' ? new StringKeys() : new NumberKeys();
  }

  text(): string {
    const width = this.#numbers.length;
    return `let numbers = new Float64Array(${width} * 1024), size = 0;
const objects = [];
function insert(record, slot) {
  size++;
  if (numbers.length < size * ${width}) {
    const before = numbers;
    numbers = new Float64Array(before.length * 2);
    numbers.set(before);
  }
  ${this.#numbers.map((name) => `${this.#cell(name)} = ${property(name)};`).join(' ')}
  ${this.#objects.map((name) => `${this.#cell(name)} = detached(${property(name)});`).join(' ')}
}
return {
  get size() { return size; },
  presuming: ${this.#presumed !== undefined},
  absorb(record) { ${this.#take()} return slot; },
  update(record) { ${this.#take()} return ${this.#literal('key')}; },
  restore(key, record) {
    ${this.#checkKey()}
    if (!admits(record) || size !== keys.size${this.#refuted()}) return MISMATCH;
    return insert(record, keys.slotOf(key));
  },
  keyAt(slot) { return keys.keyAt(slot); },
  resultAt(slot) { return ${this.#literal('keys.keyAt(slot)')}; },
};`;
  }

  /** Takes the record into the row of its key: declares `key` and `slot`, or answers a mismatch. */
  #take(): string {
    const { aggregation, field } = this.shape;
    return `if (record === null || typeof record !== 'object') return MISMATCH;
  const value = ${property(field)};
  if (typeof value !== 'number') return MISMATCH;
  ${this.#loadKey()}
  const known = size;
  const slot = keys.slotOf(key);
  ${this.shape.marked ? 'rows.changing(slot);' : ''}
  if (slot === known) { if (!admits(record)${this.#refuted()}) return MISMATCH; insert(record, slot); }
  else { ${STEP[aggregation](this.#cell(field))} }`;
  }

  /** What else makes a new record unfit: its key is not the field that it was presumed to be. */
  #refuted(): string {
    return this.#presumed === undefined ? '' : ` || ${property(this.#presumed)} !== key`;
  }

  /** A plain field is read in place; anything else goes through the selector. */
  #loadKey(): string {
    if (this.#keyField === undefined) return 'const key = select(record);';
    const key = this.#presumed === undefined ? property(this.#keyField) : 'select(record)';
    return `const key = ${key}; ${this.#checkKey()}`;
  }

  #checkKey(): string {
    if (this.#keyField === undefined) return '';
    const check = this.#keyKind === 'string' ? "typeof key !== 'string'" : "typeof key !== 'number' || key !== key";
    return `if (${check}) return MISMATCH;`;
  }

  #cell(name: string): string {
    const at = this.#numbers.indexOf(name);
    return at >= 0
      ? `numbers[slot * ${this.#numbers.length} + ${at}]`
      : `objects[slot * ${this.#objects.length} + ${this.#objects.indexOf(name)}]`;
  }

  #literal(key: string): string {
    const { names, sample } = this.shape;
    const value = (name: string): string => (name === this.#keyField ? key : this.#cell(name));
    if (Array.isArray(sample)) return `[${names.map(value).join(', ')}]`;
    return `{ ${names.map((name) => `${JSON.stringify(name)}: ${value(name)}`).join(', ')} }`;
  }
}

function property(name: string): string {
  return `record[${JSON.stringify(name)}]`;
}
