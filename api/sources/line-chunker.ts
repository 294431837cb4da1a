import { FlinkError } from '#core';
import type { ByteSource } from './byte-source.js';

const LINE_BREAK = 10;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A line longer than this fails the job, since a text of twice that length could not be made. */
const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

/** How far to read beyond a split at once, looking for the end of its last line. */
const OVERRUN_BYTES = 16 * 1024;

/** A line of a text file is longer than a text can be. */
export class LineTooLongError extends FlinkError {
  constructor(
    readonly path: string,
    readonly startByte: number,
    readonly limitBytes: number,
  ) {
    super({
      code: 'LINE_TOO_LONG',
      message: `the line of "${path}" that begins at byte ${startByte} is longer than ${limitBytes} bytes`,
      action: 'See that the file is a text file with line breaks.',
      blame: 'user',
    });
  }
}

/** Whole lines: `bytes` from `from` to `to`, each ended by a line break. */
export interface LineChunk {
  readonly buffer: ChunkBuffer;
  readonly from: number;
  readonly to: number;
  /** Where `from` lies in the file. */
  readonly startByte: number;
}

/** Memory for a chunk, used again and again; grows for a line that is longer than it. */
export class ChunkBuffer {
  bytes: Buffer;

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
  }

  grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    this.bytes.copy(larger);
    this.bytes = larger;
  }
}

export interface ChunkRange {
  readonly path: string;
  /** The file's byte at which `source` stands. */
  readonly startByte: number;
  /** The lines that begin before this byte are read, the last of them to its end. */
  readonly endByte: number;
  /** Whether the first line break is to be looked for: the bytes up to it belong to a line that began earlier. */
  readonly skipFirstLine: boolean;
}

/**
 * Cuts bytes into chunks of whole lines.
 *
 *     start - 1      start                                   end - 1
 *        |             |                                        |
 *     ...x x x x x \n  a a a a \n b b b b b b \n  c c c c c c c c c c c c \n  d d ...
 *        skipped       '------------- chunks of whole lines -------------'    next split
 *
 * A split is read from one byte before its start up to the first line break at or behind its last byte. So every line
 * belongs to the one split in which it begins, wherever the cuts fall.
 */
export class LineChunker {
  readonly #source: ByteSource;
  readonly #range: ChunkRange;
  /** The beginning of a line whose end has not been read. */
  #tail: Buffer = Buffer.alloc(0);
  /** The file's byte after the last one read. */
  #position: number;
  #skipping: boolean;
  #ended: boolean;

  constructor(source: ByteSource, range: ChunkRange) {
    this.#source = source;
    this.#range = range;
    this.#position = range.startByte;
    this.#skipping = range.skipFirstLine;
    this.#ended = range.startByte >= range.endByte;
  }

  /** Fills the buffer with the next whole lines; answers undefined when there are no more. */
  async next(buffer: ChunkBuffer): Promise<LineChunk | undefined> {
    while (buffer.bytes.length < this.#tail.length) buffer.grow();
    let length = this.#tail.copy(buffer.bytes);
    while (!this.#ended) {
      const searchedTo = length;
      length = await this.#fill(buffer, length);
      if (this.#skipping) length = this.#skipLine(buffer.bytes, length);
      else if (searchedTo === 0) length = this.#skipByteOrderMark(buffer.bytes, length);
      const end = this.#ended ? this.#endOfFile(buffer, length) : this.#lastBreak(buffer.bytes, length);
      if (end > 0) return this.#chunk(buffer, length, end);
    }
    return undefined;
  }

  /** Reads behind the first `length` bytes, and leaves room for a line break that the file may lack. */
  async #fill(buffer: ChunkBuffer, length: number): Promise<number> {
    if (buffer.bytes.length - length < 2) this.#growFor(buffer, length);
    const wanted = Math.min(buffer.bytes.length - length - 1, this.#worthReading(length));
    let filled = 0;
    while (filled < wanted) {
      const bytesRead = await this.#source.read(buffer.bytes, length + filled, wanted - filled);
      if (bytesRead === 0) this.#ended = true;
      filled += bytesRead;
      if (bytesRead === 0 || this.#position + filled >= this.#range.endByte) break;
    }
    this.#position += filled;
    return length + filled;
  }

  /** Up to the end of the split, and somewhat further for the rest of its last line. */
  #worthReading(length: number): number {
    return Math.max(0, this.#range.endByte - this.#position) + Math.max(OVERRUN_BYTES, length);
  }

  #growFor(buffer: ChunkBuffer, length: number): void {
    if (length >= LONGEST_LINE_BYTES) throw new LineTooLongError(this.#range.path, this.#position - length, LONGEST_LINE_BYTES);
    buffer.grow();
  }

  /** Drops the bytes up to the first line break; when that ends the split, nothing of it is left. */
  #skipLine(bytes: Buffer, length: number): number {
    const found = bytes.subarray(0, length).indexOf(LINE_BREAK);
    const breakByte = found < 0 ? this.#position : this.#position - length + found;
    const splitEnds = breakByte >= this.#range.endByte - 1;
    if (splitEnds) this.#ended = true;
    if (splitEnds || found < 0) return 0;
    this.#skipping = false;
    bytes.copyWithin(0, found + 1, length);
    return length - found - 1;
  }

  #skipByteOrderMark(bytes: Buffer, length: number): number {
    if (this.#position !== length || !bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) return length;
    bytes.copyWithin(0, BYTE_ORDER_MARK.length, length);
    return length - BYTE_ORDER_MARK.length;
  }

  /** The end of the whole lines so far; 0 when there is none. Sees whether the split ends here. */
  #lastBreak(bytes: Buffer, length: number): number {
    const lastByte = Math.max(0, this.#range.endByte - 1 - (this.#position - length));
    if (lastByte < length) {
      const end = bytes.subarray(0, length).indexOf(LINE_BREAK, lastByte);
      if (end >= 0) {
        this.#ended = true;
        return end + 1;
      }
    }
    return bytes.subarray(0, length).lastIndexOf(LINE_BREAK) + 1;
  }

  #endOfFile(buffer: ChunkBuffer, length: number): number {
    if (length === 0 || buffer.bytes[length - 1] === LINE_BREAK) return length;
    buffer.bytes[length] = LINE_BREAK;
    return length + 1;
  }

  #chunk(buffer: ChunkBuffer, length: number, end: number): LineChunk {
    this.#tail = Buffer.from(buffer.bytes.subarray(end, Math.max(end, length)));
    return { buffer, from: 0, to: end, startByte: this.#position - length };
  }
}
