import { mismatchError } from '../types/find-mismatch.js';
import type { TypeInfo } from '../types/type-info.js';
import { compile } from './source-text.js';
import { ValueCodecSource } from './value-codec-source.js';
import type { ValueReader } from './value-reader.js';
import type { ValueWriter } from './value-writer.js';

/**
 * Writes single values of one type as bytes: for fields that do not fit a fixed row, for records larger than a segment,
 * for state. Exact; the bytes do not name the type, so the reader needs the same one.
 */
export interface ValueCodec {
  readonly type: TypeInfo;
  /**
   * Appends the value. `path` says where in a record it is, for errors. Throws `DeclaredTypeMismatchError`,
   * `UnsupportedRecordError`; the writer then holds a part of the value.
   */
  write(writer: ValueWriter, value: unknown, path: string): void;
  read(reader: ValueReader): unknown;
}

/** Makes the codec of a type, compiled for this one use. */
export function valueCodec(type: TypeInfo): ValueCodec {
  const { body, creates } = ValueCodecSource.of(type);
  const constants: Record<string, unknown> = { mismatch: (value: unknown, path: string) => mismatchError(type, value, path) };
  creates.forEach((create, i) => (constants[`create${i}`] = create));
  const program = compile('value-codec', body, constants) as Pick<ValueCodec, 'write' | 'read'>;
  return { type, write: program.write, read: program.read };
}
