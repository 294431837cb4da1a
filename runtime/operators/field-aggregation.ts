import { FlinkError } from '#core';
import type { BuiltInAggregation, ReduceFunction } from '#api';

/** A field that is to be aggregated is missing, or is of a type that cannot be. */
export class FieldNotAggregatableError extends FlinkError {
  constructor(
    readonly aggregation: BuiltInAggregation,
    readonly field: string,
    readonly found: string,
  ) {
    super({
      code: 'FIELD_NOT_AGGREGATABLE',
      message: `cannot take the ${aggregation} of field "${field}": ${found}`,
      action: `Name a field of the record that ${aggregation === 'sum' ? 'holds numbers' : 'can be compared'}.`,
      blame: 'user',
    });
  }
}

/**
 * The reduce function of a built-in aggregation of one field: `sum`, `min` and `max` replace the field and keep the others of
 * the first record; `minBy` and `maxBy` keep the whole record, the first or the last of equal ones.
 */
export function fieldAggregation(aggregation: BuiltInAggregation, field: string, first: boolean): ReduceFunction<unknown> {
  const path = field.split('.');
  if (aggregation === 'minBy' || aggregation === 'maxBy') return wholeRecord(aggregation, field, path, first);
  return (left, right) => {
    const before = valueAt(aggregation, field, path, left);
    return withField(left as object, path, combine(aggregation, before, valueAt(aggregation, field, path, right)));
  };
}

/** The record itself, once it is known that its field can be aggregated. */
export function checkedRecord(aggregation: BuiltInAggregation, field: string, record: unknown): unknown {
  valueAt(aggregation, field, field.split('.'), record);
  return record;
}

function wholeRecord(aggregation: BuiltInAggregation, field: string, path: readonly string[], first: boolean): ReduceFunction<unknown> {
  const sign = aggregation === 'minBy' ? 1 : -1;
  return (left, right) => {
    const order = sign * compare(valueAt(aggregation, field, path, left), valueAt(aggregation, field, path, right));
    return order < 0 || (order === 0 && first) ? left : right;
  };
}

function compare(left: unknown, right: unknown): number {
  if ((left as number) < (right as number)) return -1;
  return (left as number) > (right as number) ? 1 : 0;
}

function valueAt(aggregation: BuiltInAggregation, field: string, path: readonly string[], record: unknown): unknown {
  let value = record;
  for (const name of path) {
    const fields = value as Readonly<Record<string, unknown>> | null | undefined;
    if (typeof fields !== 'object' || fields === null || !(name in fields)) {
      throw new FieldNotAggregatableError(aggregation, field, `the record ${describe(record)} has no such field`);
    }
    value = fields[name];
  }
  return checkedValue(aggregation, field, value);
}

function checkedValue(aggregation: BuiltInAggregation, field: string, value: unknown): unknown {
  const numeric = typeof value === 'number' || typeof value === 'bigint';
  const comparable = numeric || typeof value === 'string' || typeof value === 'boolean' || value instanceof Date;
  if (aggregation === 'sum' ? numeric : comparable) return value;
  throw new FieldNotAggregatableError(aggregation, field, `its value is ${value === null ? 'null' : `of type ${typeof value}`}`);
}

function describe(record: unknown): string {
  if (typeof record !== 'object' || record === null) return `of type ${typeof record}`;
  return `with the fields ${Object.keys(record)
    .map((name) => `"${name}"`)
    .join(', ')}`;
}

function combine(aggregation: BuiltInAggregation, left: unknown, right: unknown): unknown {
  if (aggregation === 'sum') return (left as number) + (right as number);
  const order = aggregation === 'min' ? compare(right, left) : compare(left, right);
  return order < 0 ? right : left;
}

function withField(record: object, path: readonly string[], value: unknown): unknown {
  const [name = '', ...deeper] = path;
  const copy = (
    Array.isArray(record) ? [...(record as unknown[])] : Object.assign(Object.create(Object.getPrototypeOf(record) as object), record)
  ) as Record<string, unknown>;
  copy[name] = deeper.length === 0 ? value : withField(copy[name] as object, deeper, value);
  return copy;
}
