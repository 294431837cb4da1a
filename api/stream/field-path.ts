/* Types that find the fields of a record, so that a wrong name is a compile error and a right one gives the type of its value. */

/** Values that have no fields of their own. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | Uint8Array
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...parameters: never[]) => unknown);

/** Paths are followed to this depth, which also ends them for types that contain themselves. */
type DeepestPath = 4;

/** Positions of a tuple as text: `'0' | '1'`. */
type PositionNames<T> = Extract<keyof T, `${number}`>;

type FieldNames<T> = T extends readonly unknown[]
  ? PositionNames<T>
  : { [K in keyof T & string]: T[K] extends (...parameters: never[]) => unknown ? never : K }[keyof T & string];

/** Names of fields and paths to fields in fields: `'user' | 'user.name'`; in tuples `'0' | '0.name'`. */
export type FieldPath<T, Depth extends readonly 0[] = []> = Depth['length'] extends DeepestPath
  ? never
  : T extends Leaf
    ? never
    : { [K in FieldNames<T>]: K | DeeperPath<K, NonNullable<T[K & keyof T]>, [...Depth, 0]> }[FieldNames<T>];

type DeeperPath<K extends string, V, Depth extends readonly 0[]> = [V] extends [Leaf] ? never : `${K}.${FieldPath<V, Depth>}`;

/** Positions of a tuple: `0 | 1`. Of other arrays any number, of anything else none. */
export type TupleIndex<T> = T extends readonly unknown[]
  ? number extends T['length']
    ? number
    : PositionNames<T> extends `${infer N extends number}`
      ? N
      : never
  : never;

/** What names a field of a record: its position in a tuple, its name, or the path to it. */
export type Field<T> = FieldPath<T> | TupleIndex<T>;

/** The type of the field named. */
export type FieldValue<T, F> = F extends keyof T
  ? T[F]
  : F extends number
    ? T extends readonly unknown[]
      ? T[F]
      : never
    : F extends `${infer Head}.${infer Rest}`
      ? Head extends keyof T
        ? FieldValue<NonNullable<T[Head]>, Rest>
        : never
      : never;

/** The fields whose values can be added up. */
export type NumericField<T> = NumericOf<T, Field<T>>;

type NumericOf<T, F> = F extends unknown ? (FieldValue<T, F> extends number | bigint ? F : never) : never;

/** The key made of one field, or of several: then it is a tuple. */
export type KeyOf<T, F extends readonly unknown[]> = F extends readonly [infer Only]
  ? FieldValue<T, Only>
  : { -readonly [I in keyof F]: FieldValue<T, F[I]> };
