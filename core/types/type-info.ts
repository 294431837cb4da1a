/**
 * What a record is made of. Plain data, so that it can be compared, shown and sent; the one exception is `create`,
 * which a slot finds again by replaying the program.
 *
 * | kind     | TypeScript value                          | in a row                                     |
 * | -------- | ----------------------------------------- | -------------------------------------------- |
 * | boolean  | boolean                                   | int32                                        |
 * | int      | integer from -2^31 to 2^31 - 1            | int32                                        |
 * | long     | integer within ±2^53                      | two int32 halves                             |
 * | bigint   | bigint from -2^63 to 2^63 - 1             | two int32 halves                             |
 * | double   | number                                    | float64                                      |
 * | string   | string                                    | end offset; text in the segment's text heap  |
 * | bytes    | Uint8Array                                | end offset; bytes in the segment's byte heap |
 * | date     | Date                                      | float64, ms since 1970 UTC; NaN when invalid |
 * | nullable | the value, `null` or `undefined`          | two bits and the value's own form            |
 * | tuple    | array of fixed length, a type per position | its fields, flattened                       |
 * | object   | plain object, or what `create` makes      | its fields, flattened                        |
 * | array, map, generic | anything the value codec carries | byte heap, one tagged value                  |
 */
export type TypeInfo =
  | { readonly kind: 'boolean' | 'int' | 'long' | 'bigint' | 'double' | 'string' | 'bytes' | 'date' | 'generic' }
  | { readonly kind: 'nullable'; readonly of: TypeInfo }
  | { readonly kind: 'array'; readonly of: TypeInfo }
  | { readonly kind: 'map'; readonly key: TypeInfo; readonly value: TypeInfo }
  | { readonly kind: 'tuple'; readonly fields: readonly TypeInfo[] }
  | ObjectType;

export interface ObjectType {
  readonly kind: 'object';
  readonly fields: readonly ObjectField[];
  /** Makes an instance of the class from its decoded fields; without it records are plain objects. */
  readonly create?: (fields: Readonly<Record<string, unknown>>) => object;
  /** The name of the class, for messages and for comparing types. */
  readonly name?: string;
}

export interface ObjectField {
  readonly name: string;
  readonly type: TypeInfo;
  /** Whether records may lack the property; then a record without it differs from one where it is `undefined`. */
  readonly optional?: boolean;
}
