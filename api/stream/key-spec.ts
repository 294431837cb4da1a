import { typeName, type TypeInfo } from '#core';
import { InvalidFieldError, MissingFieldError } from '../errors.js';
import type { KeySelector } from '../functions/functions.js';
import type { KeySpec } from '../graph/stream-graph.js';

/** A field as users name it: position, name or path. */
export type FieldName = string | number;

/** The key found by a function of the program. */
export function selectedKey(select: KeySelector<never, unknown>, type?: TypeInfo): KeySpec {
  const general = select as KeySelector<unknown, unknown>;
  return type === undefined ? { select: general } : { select: general, type };
}

/** The key made of the value of a field; of several fields, the list of their values. */
export function fieldsKey(fields: readonly FieldName[], recordType: TypeInfo | undefined): KeySpec {
  const keys = fields.map((field) => fieldKey(field, recordType));
  const [first, second] = keys;
  if (!first) throw new InvalidFieldError('', 'no field was named to find the key of a record');
  return second === undefined ? first : severalFieldsKey(keys);
}

function fieldKey(field: FieldName, recordType: TypeInfo | undefined): KeySpec {
  const path = fieldPath(field);
  const type = recordType && checkedFieldType(field, recordType);
  const select = fieldSelector(path);
  return type === undefined || type.kind === 'generic' ? { select, field: path } : { select, field: path, type };
}

function severalFieldsKey(keys: readonly KeySpec[]): KeySpec {
  const types = keys.flatMap(({ type }) => type ?? []);
  const select = tupleSelector(keys.map((key) => key.select));
  return types.length === keys.length ? { select, type: { kind: 'tuple', fields: types } } : { select };
}

/** Called for each record: two fields, and three, which are nearly all there are, take no loop. */
function tupleSelector(selectors: readonly KeySelector<unknown, unknown>[]): KeySelector<unknown, unknown> {
  const [first, second, third] = selectors;
  if (first && second && selectors.length === 2) return (value) => [first(value), second(value)];
  if (first && second && third && selectors.length === 3) return (value) => [first(value), second(value), third(value)];
  return (value) => selectors.map((select) => select(value));
}

/** The field's path as text. Throws {@link InvalidFieldError} when it cannot be one. */
export function fieldPath(field: FieldName): string {
  const path = String(field);
  const wrong = typeof field === 'number' ? !Number.isInteger(field) || field < 0 : path.split('.').includes('');
  if (wrong) throw new InvalidFieldError(path, `"${path}" is neither the position of a field, its name nor the path to it`);
  return path;
}

/** The field's type. Throws {@link InvalidFieldError} when records of this type have no such field. */
export function checkedFieldType(field: FieldName, recordType: TypeInfo): TypeInfo {
  if (typeof field === 'number' && recordType.kind !== 'tuple' && recordType.kind !== 'generic' && recordType.kind !== 'array') {
    const text = `Specifying keys via field positions is only valid for tuple data types. Type: ${typeName(recordType)}`;
    throw new InvalidFieldError(String(field), text);
  }
  return fieldPath(field)
    .split('.')
    .reduce((type, name) => innerType(type, name), recordType);
}

function innerType(type: TypeInfo, name: string): TypeInfo {
  switch (type.kind) {
    case 'nullable':
      return innerType(type.of, name);
    case 'generic':
      return type;
    case 'object': {
      const field = type.fields.find((candidate) => candidate.name === name);
      if (field) return field.optional === true ? { kind: 'nullable', of: field.type } : field.type;
      break;
    }
    case 'tuple': {
      const field = type.fields[Number(name)];
      if (field) return field;
      break;
    }
    case 'array':
      return type.of;
    default:
      throw new InvalidFieldError(name, `a record of type ${typeName(type)} has no fields, so there is no "${name}" in it`);
  }
  throw new InvalidFieldError(name, `Unable to find field "${name}" in type ${typeName(type)}.`);
}

/** Finds the value of a field; a record without it is an error that names the fields there are. */
export function fieldSelector(path: string): KeySelector<unknown, unknown> {
  const names = path.split('.');
  const [only] = names;
  if (names.length > 1 || only === undefined) return pathSelector(path, names);
  return (record) => {
    const value = (record as Record<string, unknown> | null | undefined)?.[only];
    if (value === undefined) checkPresent(record, only, path);
    return value;
  };
}

function pathSelector(path: string, names: readonly string[]): KeySelector<unknown, unknown> {
  return (record) => {
    let value = record;
    for (const name of names) {
      const inner = (value as Record<string, unknown> | null | undefined)?.[name];
      if (inner === undefined) checkPresent(value, name, path);
      value = inner;
    }
    return value;
  };
}

function checkPresent(value: unknown, name: string, path: string): void {
  if (typeof value === 'object' && value !== null && name in value) return;
  throw new MissingFieldError(path, shownRecord(value));
}

/** What a record is, without its values: they may be secret, and long. */
export function shownRecord(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a tuple of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return `an object with the fields ${
    Object.keys(value)
      .map((name) => `"${name}"`)
      .join(', ') || '(none)'
  }`;
}
