import { InvalidTypeError } from './errors.js';
import { instanceMaker } from './instance-maker.js';
import type { ObjectField, ObjectType, TypeInfo } from './type-info.js';

declare const valueOf: unique symbol;
declare const optionalOf: unique symbol;

/** A type that knows, for the TypeScript checker only, which values it describes. */
export type TypedInfo<T> = TypeInfo & { readonly [valueOf]?: () => T };

/** The values a type describes: `ValueOf<typeof type>`. */
export type ValueOf<I> = I extends { readonly [valueOf]?: (() => infer T) | undefined } ? T : never;

/** A property that records may lack; made by `Types.optional`. */
export interface OptionalField<T> {
  readonly optional: TypeInfo;
  readonly [optionalOf]?: () => T;
}

type FieldTypes = Readonly<Record<string, TypedInfo<unknown> | OptionalField<unknown>>>;
type OptionalNames<F> = { [K in keyof F]: F[K] extends OptionalField<unknown> ? K : never }[keyof F];
type OptionalValue<O> = O extends { readonly [optionalOf]?: (() => infer T) | undefined } ? T : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** The plain object described by a record of field types. */
export type ObjectOf<F> = Flat<
  { -readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]> } & { -readonly [K in OptionalNames<F>]?: OptionalValue<F[K]> }
>;

/** The tuple described by a list of types. */
export type TupleOf<F extends readonly TypedInfo<unknown>[]> = { -readonly [K in keyof F]: ValueOf<F[K]> };

/** Tells how to make an instance of a class, and which of its properties are carried. */
export interface PojoOptions<C, F> {
  readonly fields: F;
  /**
   * Makes the instance; by default an object with the class's prototype and the fields assigned, without calling the constructor.
   * A class with private fields (`#name`) needs one.
   */
  readonly create?: (fields: ObjectOf<F>) => C;
}

type PojoClass<C> = abstract new (...parameters: never[]) => C;

function scalar<T>(kind: 'boolean' | 'int' | 'long' | 'bigint' | 'double' | 'string' | 'bytes' | 'date' | 'generic'): TypedInfo<T> {
  return Object.freeze({ kind });
}

function nullable<T>(type: TypedInfo<T>): TypedInfo<T | null | undefined> {
  return type.kind === 'nullable' || type.kind === 'generic' ? type : { kind: 'nullable', of: type };
}

function objectFields(types: FieldTypes): ObjectField[] {
  return Object.entries(types).map(([name, type]) => {
    if (name === '__proto__') throw new InvalidTypeError('a field cannot be named "__proto__"');
    return 'optional' in type ? { name, type: type.optional, optional: true } : { name, type };
  });
}

function pojo<C extends object, const F extends FieldTypes>(type: PojoClass<C>, options: PojoOptions<C, F>): TypedInfo<C> {
  const fields = objectFields(options.fields);
  const create = (options.create as ObjectType['create'] | undefined) ?? instanceMaker(type.prototype as object, fields);
  return { kind: 'object', fields, create, name: type.name };
}

/**
 * Declares what records are made of, so that they are carried without being looked at first.
 *
 * Records are checked against the declaration when they are sent: a value of another type fails the job with
 * `DeclaredTypeMismatchError`. Properties that an object type does not name are not carried. In `int` and `long`, -0 becomes 0.
 *
 * @example
 * const order = Types.object({ id: Types.long, customer: Types.string, note: Types.nullable(Types.string) });
 * orders.map(parse).returns(order);
 */
export const Types = {
  boolean: scalar<boolean>('boolean'),
  /** Integers of 32 bits. */
  int: scalar<number>('int'),
  /** Integers that a number holds exactly, up to 2^53 - 1 on both sides of zero. */
  long: scalar<number>('long'),
  /** Integers of 64 bits. */
  bigint: scalar<bigint>('bigint'),
  double: scalar<number>('double'),
  string: scalar<string>('string'),
  /** A `Uint8Array`; a `Buffer` is taken too and arrives as a `Uint8Array`. */
  bytes: scalar<Uint8Array>('bytes'),
  date: scalar<Date>('date'),
  /** Anything the value codec carries, at its cost: see `ValueWriter`. */
  generic: scalar<unknown>('generic'),
  /** The value, `null` or `undefined`; the two stay different. */
  nullable,
  /** For a field of `Types.object`: records may lack it. */
  optional: <T>(type: TypedInfo<T>): OptionalField<T> => ({ optional: type }),
  array: <T>(of: TypedInfo<T>): TypedInfo<T[]> => ({ kind: 'array', of }),
  map: <K, V>(key: TypedInfo<K>, value: TypedInfo<V>): TypedInfo<Map<K, V>> => ({ kind: 'map', key, value }),
  /** An array of fixed length with a type for each position. */
  tuple: <const F extends readonly TypedInfo<unknown>[]>(...fields: F): TypedInfo<TupleOf<F>> => ({ kind: 'tuple', fields }),
  /** A plain object with these properties. */
  object: <const F extends FieldTypes>(fields: F): TypedInfo<ObjectOf<F>> => ({ kind: 'object', fields: objectFields(fields) }),
  /** Instances of a class. */
  pojo,
} as const;
