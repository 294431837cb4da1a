import { NO_TIMESTAMP } from '../time.js';
import type { TypeInfo } from '../types/type-info.js';
import { LOOK_AHEAD_ROWS, type LookAhead, type RowCodec, type RowReader, type RowWriter, type WriteResult } from './row-codec.js';
import { rowLayout, type RowLayout } from './row-layout.js';
import { RowReaderSource } from './row-reader-source.js';
import { RowWriterSource, type Guard } from './row-writer-source.js';
import { SegmentFiller } from './segment-filler.js';
import { SegmentTexts } from './segment-texts.js';
import { compile } from './source-text.js';
import { valueCodec } from './value-codec.js';
import { ValueReader } from './value-reader.js';

export interface RowCodecOptions {
  /** Whether rows carry the record's timestamp. Without, readers hand out `NO_TIMESTAMP`. */
  readonly timestamps: boolean;
  /**
   * Where the type comes from. A record that is not of a declared type fails with `DeclaredTypeMismatchError`; one that is not exactly of
   * an inferred type is answered with `mismatch`, for `widenType`.
   */
  readonly guard: Guard;
}

/**
 * Makes the codec of a type. Make one for each edge of a job: its writers share one compiled function, which the engine
 * specialises for the records of that edge (a function for each of 64 channels is 1.6 times slower and takes three times as long to
 * warm up), and every reader compiles its own, into which the engine inlines the consumer.
 */
export function rowCodec(type: TypeInfo, options: RowCodecOptions): RowCodec {
  const layout = rowLayout(type, options.timestamps);
  const declared = options.guard === 'declared';
  let write: Write | undefined;
  return {
    type,
    timestamps: options.timestamps,
    newWriter(schemaVersion) {
      write ??= compileWrite(layout, options.guard);
      return new GeneratedRowWriter(type, layout, schemaVersion, declared, write);
    },
    newReader(look) {
      const readOf = (looksAhead?: LookAhead): RowReader['read'] =>
        compile(
          'row-reader',
          RowReaderSource.of(layout, looksAhead !== undefined),
          readerConstants(layout, looksAhead),
        ) as RowReader['read'];
      if (look === undefined) return { read: readOf() };
      const reader: RowReader = {
        read: readOf((records, count) => {
          const goesOn = look(records, count);
          if (!goesOn) reader.read = readOf();
          return goesOn;
        }),
      };
      return reader;
    },
  };
}

/** A method of {@link GeneratedRowWriter}. */
type Write = (value: unknown, timestamp: number) => WriteResult;

function compileWrite(layout: RowLayout, guard: Guard): Write {
  const codecs = layout.heapColumns.map((column) => valueCodec(column.type));
  return compile('row-writer', RowWriterSource.of(layout, guard), { codecs }) as Write;
}

class GeneratedRowWriter extends SegmentFiller implements RowWriter {
  constructor(
    type: TypeInfo,
    layout: RowLayout,
    schemaVersion: number,
    declared: boolean,
    readonly write: Write,
  ) {
    super(type, layout, schemaVersion, declared);
  }
}

/** A reader that is told where the parts of a byte heap lie. */
class HeapReader extends ValueReader {
  at(position: number): this {
    this.position = position;
    return this;
  }

  rawAt(start: number, end: number): Uint8Array {
    this.position = start;
    return this.raw(end - start);
  }
}

function readerConstants(layout: RowLayout, look: LookAhead | undefined): Record<string, unknown> {
  const constants: Record<string, unknown> = {
    look,
    ahead: look && new Array<unknown>(LOOK_AHEAD_ROWS).fill(undefined),
    texts: new SegmentTexts(),
    heap: new HeapReader(),
    codecs: layout.heapColumns.map((column) => valueCodec(column.type)),
    noTimestamp: NO_TIMESTAMP,
  };
  layout.creates.forEach((create, i) => (constants[`create${i}`] = create));
  return constants;
}
