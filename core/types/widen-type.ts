import { GENERIC, NOTHING, typeOfValue } from './type-of-value.js';
import { typesEqual } from './types-equal.js';
import type { ObjectField, ObjectType, TypeInfo } from './type-info.js';

/** More properties that only some records have make a dictionary, not a record. */
const MAX_OPTIONAL_FIELDS = 16;
/** Rows wider than this go through the value codec as one value. */
const MAX_COLUMNS = 256;

const NUMBER_WIDTH: Readonly<Partial<Record<TypeInfo['kind'], number>>> = { int: 1, long: 2, double: 3 };

/**
 * The type of a stream, from its first records. Whatever the records turn out to be later, nothing is lost: the guarded
 * writer answers `mismatch`, and {@link widenType} makes room. Throws `UnsupportedRecordError`.
 */
export function inferType(samples: readonly unknown[]): TypeInfo {
  let type = NOTHING;
  for (const sample of samples) type = leastWiderType(type, typeOfValue(sample));
  return limited(type);
}

/**
 * A type that describes `value` and everything that `type` describes. Called when a guarded writer answered `mismatch`, so the
 * answer is always another type than `type`; repeated widening ends at `generic`. Throws `UnsupportedRecordError`.
 */
export function widenType(type: TypeInfo, value: unknown): TypeInfo {
  const wider = limited(leastWiderType(type, typeOfValue(value)));
  return typesEqual(type, wider) ? GENERIC : wider;
}

function limited(type: TypeInfo): TypeInfo {
  return columnCount(type) > MAX_COLUMNS ? GENERIC : type;
}

function columnCount(type: TypeInfo): number {
  switch (type.kind) {
    case 'nullable':
      return columnCount(type.of);
    case 'tuple':
      return type.fields.reduce((sum, field) => sum + columnCount(field), 0);
    case 'object':
      return type.fields.reduce((sum, field) => sum + columnCount(field.type), 0);
    default:
      return 1;
  }
}

function leastWiderType(a: TypeInfo, b: TypeInfo): TypeInfo {
  if (a === NOTHING) return b;
  if (b === NOTHING) return a;
  if (a.kind === 'nullable' || b.kind === 'nullable') return nullableOf(leastWiderType(withoutNull(a), withoutNull(b)));
  const widthA = NUMBER_WIDTH[a.kind];
  const widthB = NUMBER_WIDTH[b.kind];
  if (widthA !== undefined && widthB !== undefined) return widthA >= widthB ? a : b;
  if (a.kind === 'tuple' && b.kind === 'tuple') return widerTuple(a.fields, b.fields);
  if (a.kind === 'object' && b.kind === 'object') return widerObject(a, b);
  return typesEqual(a, b) ? a : GENERIC;
}

function withoutNull(type: TypeInfo): TypeInfo {
  return type.kind === 'nullable' ? type.of : type;
}

function nullableOf(type: TypeInfo): TypeInfo {
  return type.kind === 'generic' && type !== NOTHING ? GENERIC : { kind: 'nullable', of: type };
}

function widerTuple(a: readonly TypeInfo[], b: readonly TypeInfo[]): TypeInfo {
  if (a.length !== b.length) return GENERIC;
  return { kind: 'tuple', fields: a.map((field, i) => leastWiderType(field, b[i]!)) };
}

function widerObject(a: ObjectType, b: ObjectType): TypeInfo {
  if (a.create !== undefined || b.create !== undefined) return GENERIC;
  const merged = mergedFields(a.fields, b.fields);
  const optional = merged.reduce((count, field) => count + (field.optional === true ? 1 : 0), 0);
  return optional > MAX_OPTIONAL_FIELDS ? GENERIC : { kind: 'object', fields: merged };
}

/** The fields of `a` in their order, each new field of `b` after the one it follows in `b`. */
function mergedFields(a: readonly ObjectField[], b: readonly ObjectField[]): ObjectField[] {
  const inB = new Map(b.map((field) => [field.name, field]));
  const merged = a.map((field) => mergedField(field, inB.get(field.name)));
  const inA = new Set(a.map((field) => field.name));
  b.forEach((field, i) => {
    if (inA.has(field.name)) return;
    const before = b[i - 1];
    const at = before === undefined ? 0 : merged.findIndex((other) => other.name === before.name) + 1;
    merged.splice(at, 0, mergedField(field, undefined));
  });
  return merged;
}

function mergedField(field: ObjectField, other: ObjectField | undefined): ObjectField {
  if (other === undefined) return { name: field.name, type: field.type, optional: true };
  const type = leastWiderType(field.type, other.type);
  return field.optional === true || other.optional === true ? { name: field.name, type, optional: true } : { name: field.name, type };
}
