import { HEADER_BYTES, HeaderWord, type Segment, SegmentFlag } from './segment.js';
import { readWtf8 } from './wtf8.js';

/**
 * The decoded text heap of the segment a row reader is in. It is decoded once, however often the reader is stopped on the
 * way, and let go at the end: a part of it that lives on (13 units and more) keeps all of it in memory.
 */
export class SegmentTexts {
  #text = '';
  #segment: Segment | undefined;
  #nextRow = 0;
  #sequence = 0;
  #byteLength = 0;

  /** The text for a reader about to read from row `from`. */
  of(segment: Segment, from: number, rowWords: number): string {
    const { words } = segment;
    const goesOn = this.#segment === segment && from !== 0 && this.#nextRow === from;
    if (goesOn && this.#sequence === words[HeaderWord.sequence] && this.#byteLength === segment.byteLength) return this.#text;
    this.#segment = segment;
    this.#sequence = words[HeaderWord.sequence] ?? 0;
    this.#byteLength = segment.byteLength;
    this.#text = decode(segment, rowWords);
    return this.#text;
  }

  /** The reader was stopped and will go on at `row`. */
  stoppedAt(row: number): void {
    this.#nextRow = row;
  }

  forget(): void {
    this.#segment = undefined;
    this.#text = '';
  }
}

function decode(segment: Segment, rowWords: number): string {
  const start = HEADER_BYTES + segment.rowCount * rowWords * 4;
  const end = start + (segment.words[HeaderWord.textBytes] ?? 0);
  const { flags } = segment;
  if ((flags & SegmentFlag.ascii) !== 0) return segment.bytes.toString('latin1', start, end);
  if ((flags & SegmentFlag.loneSurrogates) !== 0) return readWtf8(segment.bytes, start, end);
  return segment.bytes.toString('utf8', start, end);
}
