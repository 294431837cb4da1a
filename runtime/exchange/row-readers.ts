import { invariant, type LookAhead, rowCodec, type RowReader, SpanningReader, type TypeInfo, typeToJson } from '#core';

/**
 * The row readers of a gate, one for each row layout. All channels share them: few layouts occur, and one reader stays specialised for
 * the one consumer of the gate.
 */
export class RowReaders {
  readonly #readers = new Map<string, RowReader>();

  constructor(
    private readonly declared: TypeInfo | undefined,
    private readonly look?: LookAhead,
  ) {}

  /** `type` is the announced one; undefined: the declared one. */
  rows(type: TypeInfo | undefined, timestamps: boolean): RowReader {
    const key = `${timestamps ? '+' : '-'}${type === undefined ? '' : JSON.stringify(typeToJson(type))}`;
    let reader = this.#readers.get(key);
    if (reader === undefined) {
      reader = rowCodec(this.#typeOf(type), { timestamps, guard: 'declared' }).newReader(this.look);
      this.#readers.set(key, reader);
    }
    return reader;
  }

  /** A reader of one channel's own, since it keeps the pieces that have come. */
  spanning(type: TypeInfo | undefined): SpanningReader {
    return new SpanningReader(this.#typeOf(type));
  }

  #typeOf(announced: TypeInfo | undefined): TypeInfo {
    const type = announced ?? this.declared;
    invariant(type !== undefined, 'rows come after the schema that describes them');
    return type;
  }
}
