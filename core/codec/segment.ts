/**
 * A segment is the unit of exchange: a fixed piece of (usually shared) memory that one producer fills and one consumer reads.
 *
 * ```
 *  word  0 byteLength   bytes used, header included
 *        1 rowCount     rows in the segment; for an event segment 0
 *        2 flags        see SegmentFlag
 *        3 heapUnits    UTF-16 units of the text heap; in a spanning segment the bytes of the whole record
 *        4 sequence     number of this segment on its channel, from 0
 *        5 textBytes    bytes of the text heap
 *        6 schemaVersion version of the row layout; 0 is the declared type of the edge
 *        7 backlog      segments waiting behind this one at the sender
 *  8 words header │ rows of fixed width │ text heap (one UTF-8 run) │ byte heap │ unused
 * ```
 */
export const HEADER_BYTES = 32;

export const HeaderWord = {
  byteLength: 0,
  rowCount: 1,
  flags: 2,
  heapUnits: 3,
  sequence: 4,
  textBytes: 5,
  schemaVersion: 6,
  backlog: 7,
} as const;

export const SegmentFlag = {
  /** Every character of the text heap is ASCII: units are bytes. */
  ascii: 1,
  /** The segment holds one stream event, not rows. */
  event: 2,
  /** Rows carry a timestamp in their first two words. */
  timestamps: 8,
  /** The segment is a piece of one record too large for a segment; more pieces follow. */
  spanning: 16,
  /** The last piece of such a record. */
  spanningEnd: 32,
  /** The text heap holds lone surrogates, each in the three bytes that UTF-8 would give its number (WTF-8). */
  loneSurrogates: 64,
} as const;

/** The views of one segment's memory, made once and reused for its life. */
export class Segment {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly bytes: Buffer;
  #bigints: BigInt64Array | undefined;

  /** `offset` and `sizeBytes` are multiples of 8. */
  constructor(
    readonly memory: ArrayBufferLike,
    readonly offset: number,
    readonly sizeBytes: number,
  ) {
    this.words = new Int32Array(memory, offset, sizeBytes >> 2);
    this.doubles = new Float64Array(memory, offset, sizeBytes >> 3);
    this.bytes = Buffer.from(memory, offset, sizeBytes);
  }

  /** Made when a type with bigints first asks for it. */
  get bigints(): BigInt64Array {
    return (this.#bigints ??= new BigInt64Array(this.memory, this.offset, this.sizeBytes >> 3));
  }

  get byteLength(): number {
    return this.words[HeaderWord.byteLength] ?? 0;
  }
  get rowCount(): number {
    return this.words[HeaderWord.rowCount] ?? 0;
  }
  get flags(): number {
    return this.words[HeaderWord.flags] ?? 0;
  }
}
