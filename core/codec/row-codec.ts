import type { Segment } from './segment.js';
import type { TypeInfo } from '../types/type-info.js';

/** What became of a record handed to a {@link RowWriter}. */
export const WriteResult = {
  written: 0,
  /** The segment has no room: finish it, attach the next, write again. */
  full: 1,
  /** The record is not of the writer's type: finish the segment, take a writer for a wider type, write again. */
  mismatch: 2,
  /** The record does not fit an empty segment: send it by {@link SpanningWriter}. */
  tooLarge: 3,
} as const;
export type WriteResult = (typeof WriteResult)[keyof typeof WriteResult];

/**
 * Encodes records of one type into segments. Generated from the type; one instance per channel, never shared.
 * A writer leaves a segment as it was when it answers anything but `written`; one without a segment answers `full`.
 * Throws `DeclaredTypeMismatchError` and `UnsupportedRecordError`, after which it can go on with the next record.
 */
export interface RowWriter {
  /** Starts to fill `segment`; it must be empty. */
  attach(segment: Segment): void;
  write(value: unknown, timestamp: number): WriteResult;
  /** Rows written since `attach`. */
  readonly rowCount: number;
  /** Writes heap and header, and lets go of the segment. Answers its byte length. */
  finish(): number;
}

/** What a reader calls for every record. */
export type RecordConsumer = (value: unknown, timestamp: number) => void;

/** Lets the consumer of a record stop the reader after it. */
export interface ReadGate {
  blocked: boolean;
}

/**
 * Is shown records before the first of them is handed out, the first `count` of an array that is used again. None of them counts as
 * handed out: any may be shown once more, as another object. Answers whether it is worth while to go on with that.
 */
export type LookAhead = (records: readonly unknown[], count: number) => boolean;

/** Rows that are decoded at once for a {@link LookAhead}, at most. */
export const LOOK_AHEAD_ROWS = 128;

/** Decodes the rows of a segment one by one. Generated from the type. */
export interface RowReader {
  /**
   * Hands the rows from number `from` to `consume`, until the last or until `gate.blocked` is set after a record.
   * Answers the number of the next row, which is the segment's row count when all were read.
   */
  read(segment: Segment, from: number, consume: RecordConsumer, gate: ReadGate): number;
}

/** Makes writers and readers for a type; one for each edge of a job. */
export interface RowCodec {
  readonly type: TypeInfo;
  /** Whether rows carry the record's timestamp. */
  readonly timestamps: boolean;
  newWriter(schemaVersion: number): RowWriter;
  newReader(look?: LookAhead): RowReader;
}
