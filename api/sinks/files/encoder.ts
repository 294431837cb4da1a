import { formatRecord } from '../format-record.js';

/** Makes of a record what stands for it in a file of rows. */
export interface Encoder<T> {
  /** Text is written in UTF-8. Bytes belong to the sink from then on. Called once for each record, so it must be fast. */
  encode(value: T): string | Uint8Array;
}

/** A line for each record, as `formatRecord` shows it. */
export class SimpleStringEncoder<T> implements Encoder<T> {
  encode(value: T): string {
    return `${formatRecord(value)}\n`;
  }
}

/** Where a {@link BulkWriter} puts the bytes of its file. */
export interface BulkOutput {
  /** Takes the bytes, which belong to the sink from then on. */
  write(bytes: Uint8Array): void;
}

/** Writes one file of a format that cannot be appended to later: with a footer, or compressed as a whole. */
export interface BulkWriter<T> {
  addElement(value: T): void;
  /** No record follows: brings out all that is held back, footer included. */
  finish(): void | Promise<void>;
}

export interface BulkWriterFactory<T> {
  create(output: BulkOutput): BulkWriter<T>;
}

/** The beginning and the end of the names of part files. */
export interface OutputFileConfig {
  /** By default `part`. */
  readonly partPrefix?: string;
  /** By default nothing. Begins with what separates it, as in `.csv`. */
  readonly partSuffix?: string;
}
