import fc from 'fast-check';
import { Types, type ObjectField, type TypeInfo } from '#core';

/** Any string, lone surrogates included. */
export const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
);

const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 2 ** 53, 0.5),
);

const fieldName = fc
  .oneof(fc.constantFrom('a', 'b', 'id', 'ts', 'it\'s "q"', 'constructor', '\u2028', '1'), fc.string({ maxLength: 8 }))
  .filter((name) => name !== '__proto__');

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Uint8Array.from(array));
/** Valid: `assert.deepStrictEqual` of Node 20 does not find two invalid dates equal. */
const anyDate = fc.date({ noInvalidDate: true });

/** Anything the value codec carries. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyNumber,
    anyString,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.bigInt(),
    anyDate,
    bytes,
    bytes.map((array) => Buffer.from(array)),
    fc.float64Array({ maxLength: 4 }).map((array) => Float64Array.from(array)),
    fc.array(fc.integer(), { maxLength: 4 }).map((array) => Int16Array.from(array)),
    bytes.map((array) => array.buffer),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fieldName, tie('value'), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => new Set(items)),
  ),
})).value;

export class Point {
  constructor(
    readonly x: number,
    readonly label: string,
  ) {}
}

const point = Types.pojo(Point, { fields: { x: Types.double, label: Types.string } });

const SCALARS: readonly TypeInfo[] = [
  Types.boolean,
  Types.int,
  Types.long,
  Types.bigint,
  Types.double,
  Types.string,
  Types.bytes,
  Types.date,
  Types.generic,
  point,
];

/** Any type that can be declared. */
export const anyType: fc.Arbitrary<TypeInfo> = fc.letrec<{ type: TypeInfo }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...SCALARS),
    tie('type').map((of) => Types.nullable(of)),
    tie('type').map((of): TypeInfo => ({ kind: 'array', of })),
    fc.tuple(fc.constantFrom(Types.int, Types.string), tie('type')).map(([key, value]): TypeInfo => ({ kind: 'map', key, value })),
    fc.array(tie('type'), { maxLength: 4 }).map((fields): TypeInfo => ({ kind: 'tuple', fields })),
    fc
      .uniqueArray(fc.tuple(fieldName, tie('type'), fc.boolean()), { maxLength: 6, selector: ([name]) => name })
      .map((fields): TypeInfo => ({ kind: 'object', fields: fields.map(toField) })),
  ),
})).type;

function toField([name, type, optional]: [string, TypeInfo, boolean]): ObjectField {
  return optional ? { name, type, optional } : { name, type };
}

/** Any value of a type, exactly as a codec gives it back. */
export function valueOf(type: TypeInfo): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      return fc.maxSafeInteger();
    case 'bigint':
      return int64;
    case 'double':
      return anyNumber;
    case 'string':
      return anyString;
    case 'bytes':
      return bytes;
    case 'date':
      return anyDate;
    case 'generic':
      return anyValue;
    case 'nullable':
      return fc.oneof(fc.constantFrom(null, undefined), valueOf(type.of));
    case 'array':
      return fc.array(valueOf(type.of), { maxLength: 4 });
    case 'map':
      return fc.array(fc.tuple(valueOf(type.key), valueOf(type.value)), { maxLength: 3 }).map((entries) => new Map(entries));
    case 'tuple':
      return fc.tuple(...type.fields.map(valueOf));
    case 'object':
      return objectOf(type.fields, type.create);
  }
}

function objectOf(
  fields: readonly ObjectField[],
  create: ((fields: Record<string, unknown>) => object) | undefined,
): fc.Arbitrary<unknown> {
  const entries = fields.map((field) => {
    const entry = valueOf(field.type).map((value) => [field.name, value] as const);
    return field.optional === true ? fc.option(entry, { nil: undefined }) : entry;
  });
  return fc.tuple(...entries).map((present) => {
    const object = Object.fromEntries(present.filter((entry) => entry !== undefined));
    return create === undefined ? object : create(object);
  });
}
