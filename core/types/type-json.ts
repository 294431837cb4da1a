import { InvalidTypeError } from './errors.js';
import type { ObjectField, TypeInfo } from './type-info.js';

/** A type as it travels: the same plain data, without `create`. */
export type TypeJson = Readonly<Record<string, unknown>>;

const SCALARS: ReadonlySet<string> = new Set(['boolean', 'int', 'long', 'bigint', 'double', 'string', 'bytes', 'date', 'generic']);

export function typeToJson(type: TypeInfo): TypeJson {
  switch (type.kind) {
    case 'nullable':
    case 'array':
      return { kind: type.kind, of: typeToJson(type.of) };
    case 'map':
      return { kind: type.kind, key: typeToJson(type.key), value: typeToJson(type.value) };
    case 'tuple':
      return { kind: type.kind, fields: type.fields.map(typeToJson) };
    case 'object': {
      const fields = type.fields.map(fieldToJson);
      return type.name === undefined ? { kind: type.kind, fields } : { kind: type.kind, fields, name: type.name };
    }
    default:
      return { kind: type.kind };
  }
}

function fieldToJson(field: ObjectField): TypeJson {
  const json = { name: field.name, type: typeToJson(field.type) };
  return field.optional === true ? { ...json, optional: true } : json;
}

/** Reads what {@link typeToJson} wrote, from wherever it comes. Throws {@link InvalidTypeError}. */
export function typeFromJson(json: unknown): TypeInfo {
  if (!isObject(json)) throw new InvalidTypeError('it is not an object');
  const { kind } = json;
  switch (kind) {
    case 'nullable':
    case 'array':
      return { kind, of: typeFromJson(json['of']) };
    case 'map':
      return { kind, key: typeFromJson(json['key']), value: typeFromJson(json['value']) };
    case 'tuple':
      return { kind, fields: listOf(json['fields']).map(typeFromJson) };
    case 'object':
      return objectFromJson(json);
    default:
      if (typeof kind !== 'string' || !SCALARS.has(kind)) throw new InvalidTypeError(`unknown kind "${String(kind)}"`);
      return { kind } as TypeInfo;
  }
}

function objectFromJson(json: Readonly<Record<string, unknown>>): TypeInfo {
  const fields = listOf(json['fields']).map(fieldFromJson);
  const { name } = json;
  return typeof name === 'string' ? { kind: 'object', fields, name } : { kind: 'object', fields };
}

function fieldFromJson(json: unknown): ObjectField {
  if (!isObject(json) || typeof json['name'] !== 'string') throw new InvalidTypeError('a field has no name');
  if (json['name'] === '__proto__') throw new InvalidTypeError('a field cannot be named "__proto__"');
  const field = { name: json['name'], type: typeFromJson(json['type']) };
  return json['optional'] === true ? { ...field, optional: true } : field;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null;
}

function listOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new InvalidTypeError('"fields" is not a list');
  return json;
}
