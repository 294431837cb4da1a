import { inferType, NO_TIMESTAMP, rowCodec, type RowCodec, type TypeInfo, widenType } from '#core';

/** One row layout of an edge. Version 0 is the declared type, known to both ends; the types of others are announced before use. */
export interface RowSchema {
  readonly version: number;
  /** With timestamps once a record had one; the segments say so themselves. */
  readonly codec: RowCodec;
}

/** So many types are tried before records are carried by the exact, slower value codec. */
const MAX_CHANGES = 8;
const GENERIC: TypeInfo = { kind: 'generic' };

/**
 * The row layouts that the channels of one result partition went through: of a declared type, or of types inferred from the records, each
 * wide enough for all records before. All channels share them, so that a change seen by one is no news to the others.
 */
export class RowSchemas {
  #current: RowSchema | undefined;

  constructor(private readonly declared: TypeInfo | undefined) {
    if (declared) this.#current = this.#schema(0, declared, false);
  }

  get current(): RowSchema | undefined {
    return this.#current;
  }

  /**
   * A layout that may carry a record that `own` does not: the current one, if the channel is behind, else a new one.
   * Throws `UnsupportedRecordError`.
   */
  after(own: RowSchema | undefined, value: unknown, timestamp: number): RowSchema {
    if (this.#current === undefined || this.#current === own) this.#current = this.#next(value, timestamp);
    return this.#current;
  }

  #next(value: unknown, timestamp: number): RowSchema {
    const last = this.#current;
    const stamped = timestamp !== NO_TIMESTAMP;
    if (last === undefined) return this.#schema(1, inferType([value]), stamped);
    const { version, codec } = last;
    if (stamped && !codec.timestamps) return this.#schema(version, codec.type, true);
    const type = version >= MAX_CHANGES ? GENERIC : widenType(codec.type, value);
    return this.#schema(version + 1, type, codec.timestamps);
  }

  #schema(version: number, type: TypeInfo, timestamps: boolean): RowSchema {
    return { version, codec: rowCodec(type, { timestamps, guard: type === this.declared ? 'declared' : 'inferred' }) };
  }
}
