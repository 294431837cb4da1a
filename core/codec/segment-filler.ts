import { mismatchError } from '../types/find-mismatch.js';
import type { TypeInfo } from '../types/type-info.js';
import { HEADER_BYTES, HeaderWord, type Segment, SegmentFlag } from './segment.js';
import type { RowLayout } from './row-layout.js';
import { WriteResult } from './row-codec.js';
import { ValueWriter } from './value-writer.js';
import { writeWtf8 } from './wtf8.js';

/** Heap memory that a writer keeps between segments. */
const KEPT_HEAP_BYTES = 1 << 16;

/** Units of text in a row that are quicker written one by one than as a part of a larger text. */
export const SHORT_TEXT_UNITS = 24;

/**
 * What a row writer does that does not depend on the type; the generated `write` works on its fields.
 *
 * The text of the rows goes two ways, always the first while it can:
 *
 * ```
 *  short ascii ──────────────────────────▶ settled: bytes, in a buffer of the writer's own ─┐
 *  any other ─▶ text: one string ─(settle)────▶                                             └▶ segment, behind the rows
 * ```
 * A row's short ascii is written at once, unit by unit, if nothing waits in `text` before it. All other text is collected as one
 * string. How many bytes it will take is known only when it is encoded, and a unit may take three, so `room` counts three for each unit
 * of `text`. When that fills the segment, `text` is settled, after which its true size is known and room is left again. Ascii
 * fills a segment to the last few per cent that way, and no text ever overflows it.
 *
 * ```
 *  units   = units of the settled text + text.length
 *  room    = segment size - header - rows - settled bytes - 3 * text.length - bytes of the byte heap
 * ```
 * `room` may be below zero only after a row that was measured and found to fit.
 */
export class SegmentFiller {
  words: Int32Array = NO_SEGMENT.words;
  doubles: Float64Array = NO_SEGMENT.doubles;
  bigints: BigInt64Array = NO_SEGMENT.bigints;
  /** The word where the next row starts. */
  position = 0;
  rowCount = 0;
  units = 0;
  text = '';
  room = 0;
  /** Text that is encoded already, up to `settledBytes`; as large as a segment, so that what there is room for fits. */
  settled: Buffer = NO_SEGMENT.bytes;
  settledBytes = 0;
  /** The byte heap: what it holds up to `heapEnd` belongs to written rows. */
  readonly heap = new ValueWriter();
  heapEnd = 0;
  #segment: Segment | undefined;
  #loneSurrogates = false;

  constructor(
    readonly type: TypeInfo,
    readonly layout: RowLayout,
    readonly schemaVersion: number,
    readonly declared: boolean,
  ) {}

  attach(segment: Segment): void {
    this.#segment = segment;
    this.words = segment.words;
    this.doubles = segment.doubles;
    if (this.layout.columns.some((column) => column.form === 'bigint')) this.bigints = segment.bigints;
    this.position = HEADER_BYTES >> 2;
    this.rowCount = 0;
    this.units = 0;
    this.text = '';
    this.room = segment.sizeBytes - HEADER_BYTES;
    this.heap.reset(KEPT_HEAP_BYTES);
    this.heapEnd = 0;
    this.settledBytes = 0;
    if (this.layout.textColumns.length > 0 && this.settled.length < segment.sizeBytes) {
      this.settled = Buffer.allocUnsafeSlow(segment.sizeBytes);
    }
    this.#loneSurrogates = false;
  }

  /** Called when `bytes` and three times `text` are more than the room: tells whether they fit nevertheless. */
  makeRoom(bytes: number, text: string): boolean {
    const segment = this.#segment;
    if (segment === undefined) return false;
    const worthMeasuring = segment.sizeBytes >> 6;
    if (this.text.length * 2 > worthMeasuring || this.rowCount <= 1) this.#settle();
    if (this.room >= bytes + 3 * text.length) return true;
    if (this.rowCount > 0 && text.length * 2 <= worthMeasuring) return false;
    return this.room >= bytes + Buffer.byteLength(text, 'utf8');
  }

  /** What to answer for a row that does not fit; without a segment nothing does. */
  refuse(): WriteResult {
    return this.rowCount === 0 && this.#segment !== undefined ? WriteResult.tooLarge : WriteResult.full;
  }

  /** What to answer for a value that failed the guards. Throws `DeclaredTypeMismatchError` where the type was declared. */
  reject(value: unknown): WriteResult {
    if (this.declared) throw mismatchError(this.type, value);
    return WriteResult.mismatch;
  }

  finish(): number {
    const segment = this.#segment;
    if (segment === undefined) return 0;
    const { bytes } = segment;
    let end = HEADER_BYTES + this.rowCount * this.layout.rowWords * 4;
    const textStart = end;
    if (this.settledBytes > 0) this.settled.copy(bytes, end, 0, this.settledBytes);
    end += this.settledBytes;
    end += this.#encode(bytes, end);
    const textBytes = end - textStart;
    if (this.heapEnd > 0) this.heap.copyTo(bytes, end, 0, this.heapEnd);
    end += this.heapEnd;
    this.#writeHeader(end, textBytes);
    this.#segment = undefined;
    this.room = 0;
    this.text = '';
    return end;
  }

  #writeHeader(byteLength: number, textBytes: number): void {
    const { words } = this;
    words[HeaderWord.byteLength] = byteLength;
    words[HeaderWord.rowCount] = this.rowCount;
    words[HeaderWord.flags] =
      (this.layout.timestamps ? SegmentFlag.timestamps : 0) |
      (textBytes === this.units ? SegmentFlag.ascii : 0) |
      (this.#loneSurrogates ? SegmentFlag.loneSurrogates : 0);
    words[HeaderWord.heapUnits] = this.units;
    words[HeaderWord.textBytes] = textBytes;
    words[HeaderWord.schemaVersion] = this.schemaVersion;
  }

  #settle(): void {
    if (this.text === '') return;
    const bytes = this.#encode(this.settled, this.settledBytes);
    this.settledBytes += bytes;
    this.room += 3 * this.text.length - bytes;
    this.text = '';
  }

  /** Encodes `text` at a place that has room for it; answers its bytes. */
  #encode(target: Buffer, at: number): number {
    const { text } = this;
    if (text === '') return 0;
    const bytes = target.write(text, at, 'utf8');
    if (bytes === text.length || text.isWellFormed()) return bytes;
    this.#loneSurrogates = true;
    return writeWtf8(text, target, at);
  }
}

const NO_SEGMENT = {
  words: new Int32Array(0),
  doubles: new Float64Array(0),
  bigints: new BigInt64Array(0),
  bytes: Buffer.alloc(0),
};
