import { type ObjectField, type ObjectType, type TypeInfo, typeName } from '#core';

type Convert = (value: unknown) => unknown;

/** How values of a stored type become values of the declared one. */
export interface Evolution {
  /** The declared type; fields that stored values lack are optional in it. */
  readonly type: TypeInfo;
  /** Undefined: values stay as they are. */
  readonly convert: Convert | undefined;
}

/** Says why values of a type cannot become those of another. */
export class Incompatible {
  constructor(readonly problem: string) {}
}

/**
 * Finds the way from a stored type to a declared one. Numbers may become wider, anything nullable; of objects fields may be added (values
 * stored before lack them), removed, and change by these rules. Anything may be stored as generic, and be declared generic.
 */
export function evolve(from: TypeInfo, to: TypeInfo): Evolution | Incompatible {
  if (to.kind === 'generic') return { type: to, convert: undefined };
  if (to.kind === 'object') return from.kind === 'generic' ? made(to) : objectEvolution(from, to);
  if (from.kind === 'generic') return { type: to, convert: undefined };
  if (to.kind === 'nullable') return nullableEvolution(from, to.of);
  if (from.kind === 'nullable') return new Incompatible(`${typeName(from)} may be null, ${typeName(to)} may not`);
  if (to.kind === 'array' && from.kind === 'array') return arrayEvolution(from.of, to.of);
  if (to.kind === 'map' && from.kind === 'map') return mapEvolution(from, to);
  if (to.kind === 'tuple' && from.kind === 'tuple') return tupleEvolution(from.fields, to.fields);
  const widens = (WIDER[from.kind] ?? []).includes(to.kind);
  if (from.kind === to.kind || widens) return { type: to, convert: undefined };
  return new Incompatible(`${typeName(from)} cannot become ${typeName(to)}`);
}

const WIDER: Readonly<Record<string, readonly string[]>> = { int: ['long', 'double'], long: ['double'] };

/** Values that were stored as they came. */
function made(to: ObjectType): Evolution {
  const { create } = to;
  if (create === undefined) return { type: to, convert: undefined };
  return { type: to, convert: (value) => create(value as Readonly<Record<string, unknown>>) };
}

function nullableEvolution(from: TypeInfo, to: TypeInfo): Evolution | Incompatible {
  const inner = evolve(from.kind === 'nullable' ? from.of : from, to);
  if (inner instanceof Incompatible) return inner;
  const { convert } = inner;
  return { type: { kind: 'nullable', of: inner.type }, convert: convert && ((value) => (value == null ? value : convert(value))) };
}

function arrayEvolution(from: TypeInfo, to: TypeInfo): Evolution | Incompatible {
  const inner = evolve(from, to);
  if (inner instanceof Incompatible) return inner;
  const { convert } = inner;
  return { type: { kind: 'array', of: inner.type }, convert: convert && ((value) => (value as unknown[]).map(convert)) };
}

type MapType = Extract<TypeInfo, { kind: 'map' }>;

function mapEvolution(from: MapType, to: MapType): Evolution | Incompatible {
  const key = evolve(from.key, to.key);
  const item = evolve(from.value, to.value);
  if (key instanceof Incompatible) return key;
  if (item instanceof Incompatible) return item;
  const type: TypeInfo = { kind: 'map', key: key.type, value: item.type };
  if (key.convert === undefined && item.convert === undefined) return { type, convert: undefined };
  const ofKey = key.convert ?? same;
  const ofItem = item.convert ?? same;
  return { type, convert: (value) => new Map(Array.from(value as Map<unknown, unknown>, ([k, v]) => [ofKey(k), ofItem(v)])) };
}

function tupleEvolution(from: readonly TypeInfo[], to: readonly TypeInfo[]): Evolution | Incompatible {
  if (from.length !== to.length) return new Incompatible(`a tuple of ${from.length} cannot become one of ${to.length}`);
  const fields: Evolution[] = [];
  for (const [index, type] of to.entries()) {
    const field = evolve(from[index]!, type);
    if (field instanceof Incompatible) return new Incompatible(`item ${index}: ${field.problem}`);
    fields.push(field);
  }
  const type: TypeInfo = { kind: 'tuple', fields: fields.map((field) => field.type) };
  if (fields.every(({ convert }) => convert === undefined)) return { type, convert: undefined };
  return { type, convert: (value) => fields.map(({ convert }, index) => (convert ?? same)((value as unknown[])[index])) };
}

interface FieldEvolution {
  readonly field: ObjectField;
  readonly convert: Convert | undefined;
  /** Whether stored values have it. */
  readonly stored: boolean;
}

function objectEvolution(from: TypeInfo, to: ObjectType): Evolution | Incompatible {
  if (from.kind !== 'object') return new Incompatible(`${typeName(from)} cannot become an object`);
  if (from.name !== undefined && to.name !== undefined && from.name !== to.name) {
    return new Incompatible(`instances of "${from.name}" cannot become instances of "${to.name}"`);
  }
  const fields: FieldEvolution[] = [];
  for (const field of to.fields) {
    const evolved = fieldEvolution(from, field);
    if (evolved instanceof Incompatible) return new Incompatible(`field "${field.name}": ${evolved.problem}`);
    fields.push(evolved);
  }
  const type: ObjectType = { ...to, fields: fields.map(({ field }) => field) };
  const changes = fields.length !== from.fields.length || fields.some(({ stored, convert }) => !stored || convert !== undefined);
  return { type, convert: changes || to.create !== undefined ? conversion(fields, to.create) : undefined };
}

function fieldEvolution(from: ObjectType, field: ObjectField): FieldEvolution | Incompatible {
  const before = from.fields.find(({ name }) => name === field.name);
  if (before === undefined) return { field: { ...field, optional: true }, convert: undefined, stored: false };
  const evolved = evolve(before.type, field.type);
  if (evolved instanceof Incompatible) return evolved;
  const optional = field.optional === true || before.optional === true;
  return {
    field: { name: field.name, type: evolved.type, ...(optional && { optional }) },
    convert: evolved.convert,
    stored: true,
  };
}

function conversion(fields: readonly FieldEvolution[], create: ObjectType['create']): Convert {
  return (value) => {
    const before = value as Readonly<Record<string, unknown>>;
    const after: Record<string, unknown> = {};
    for (const { field, convert, stored } of fields) {
      if (!stored || !(field.name in before)) continue;
      const item = before[field.name];
      after[field.name] = convert === undefined ? item : convert(item);
    }
    return create === undefined ? after : create(after);
  };
}

function same(value: unknown): unknown {
  return value;
}
