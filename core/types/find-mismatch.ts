import { DeclaredTypeMismatchError } from './errors.js';
import { positionPath, propertyPath, showValue } from './record-path.js';
import { typeName } from './type-name.js';
import type { ObjectType, TypeInfo } from './type-info.js';

/** Where a value is not what its declared type says. */
export interface Mismatch {
  readonly path: string;
  readonly type: TypeInfo;
  readonly value: unknown;
}

const MAX_INT64 = 2n ** 63n;

/**
 * Finds the first place where `value` does not conform to the declared `type`. The plain twin of the checks in generated
 * writers: too slow for every record, it finds the words for the error when a writer has said no.
 */
export function findMismatch(type: TypeInfo, value: unknown, path = ''): Mismatch | undefined {
  switch (type.kind) {
    case 'nullable':
      return value === null || value === undefined ? undefined : findMismatch(type.of, value, path);
    case 'tuple':
      if (!Array.isArray(value) || value.length !== type.fields.length) return { path, type, value };
      return firstOf(type.fields, (field, i) => findMismatch(field, value[i], positionPath(path, i)));
    case 'object':
      return typeof value === 'object' && value !== null ? inObject(type, value, path) : { path, type, value };
    case 'array':
      return Array.isArray(value) ? firstOf(value, (item, i) => findMismatch(type.of, item, positionPath(path, i))) : { path, type, value };
    case 'map':
      return value instanceof Map ? inMap(type, value, path) : { path, type, value };
    default:
      return isScalar(type.kind, value) ? undefined : { path, type, value };
  }
}

/** The error that says where a record is not of its declared type. */
export function mismatchError(type: TypeInfo, value: unknown, path = ''): DeclaredTypeMismatchError {
  const found = findMismatch(type, value, path) ?? { path, type, value };
  return new DeclaredTypeMismatchError(found.path, typeName(found.type), showValue(found.value));
}

function isScalar(kind: Exclude<TypeInfo['kind'], 'nullable' | 'tuple' | 'object' | 'array' | 'map'>, value: unknown): boolean {
  switch (kind) {
    case 'boolean':
    case 'string':
      return typeof value === kind;
    case 'int':
      return typeof value === 'number' && (value | 0) === value;
    case 'long':
      return Number.isSafeInteger(value);
    case 'double':
      return typeof value === 'number';
    case 'bigint':
      return typeof value === 'bigint' && value >= -MAX_INT64 && value < MAX_INT64;
    case 'bytes':
      return value instanceof Uint8Array;
    case 'date':
      return value instanceof Date;
    case 'generic':
      return true;
  }
}

function inObject(type: ObjectType, value: object, path: string): Mismatch | undefined {
  return firstOf(type.fields, (field) => {
    const item = (value as Readonly<Record<string, unknown>>)[field.name];
    if (field.optional === true && !Object.hasOwn(value, field.name)) {
      if (item === undefined || field.name in Object.prototype) return undefined;
    }
    return findMismatch(field.type, item, propertyPath(path, field.name));
  });
}

function inMap(type: TypeInfo & { kind: 'map' }, value: ReadonlyMap<unknown, unknown>, path: string): Mismatch | undefined {
  return firstOf([...value], ([key, item], i) => {
    return findMismatch(type.key, key, `${path}.keys()[${i}]`) ?? findMismatch(type.value, item, `${path}.values()[${i}]`);
  });
}

function firstOf<T>(items: readonly T[], find: (item: T, position: number) => Mismatch | undefined): Mismatch | undefined {
  for (let i = 0; i < items.length; i++) {
    const found = find(items[i]!, i);
    if (found !== undefined) return found;
  }
  return undefined;
}
