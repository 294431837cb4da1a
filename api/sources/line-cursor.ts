import { isAscii } from 'node:buffer';
import type { SourceOutput } from '../connector/source.js';
import type { LineChunk } from './line-chunker.js';

/** How bytes become text. Bytes that are not valid UTF-8 become U+FFFD. */
export type Charset = 'UTF-8' | 'ISO-8859-1';

/** Decoded at a time: larger texts cost more, since they leave the cache and the young generation. */
const PIECE_BYTES = 32 * 1024;
const LINE_BREAK = 10;
const CARRIAGE_RETURN = 13;

/**
 * Cuts a chunk into lines. A piece of whole lines is decoded into one text, of which each line is a substring: that costs
 * half of what decoding each line would.
 */
export class LineCursor {
  readonly #latin1: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  /** Where the chunk's first byte lies in the file, and where its bytes end. */
  #startByte = 0;
  #to = 0;
  /** The piece, as bytes of the chunk and as text. */
  #pieceFrom = 0;
  #pieceTo = 0;
  #text = '';
  #ascii = true;
  #returns = false;
  /** Where the next line begins in the text. */
  #next = 0;

  constructor(charset: Charset) {
    this.#latin1 = charset === 'ISO-8859-1';
  }

  start(chunk: LineChunk): void {
    this.#bytes = chunk.buffer.bytes;
    this.#startByte = chunk.startByte - chunk.from;
    this.#pieceFrom = this.#pieceTo = chunk.from;
    this.#to = chunk.to;
    this.#text = '';
    this.#next = 0;
  }

  get hasLine(): boolean {
    return this.#next < this.#text.length || this.#pieceTo < this.#to;
  }

  /** The file's byte at which the next line begins. */
  get nextByte(): number {
    return this.#startByte + this.#pieceFrom + (this.#ascii ? this.#next : this.#bytesEmitted());
  }

  /** Emits at most `maxLines`, fewer when the output is blocked or the chunk ends; answers how many. */
  emit(output: SourceOutput<string>, maxLines: number): number {
    let emitted = 0;
    while (emitted < maxLines && (this.#next < this.#text.length || this.#decodePiece())) {
      emitted += this.#returns ? this.#emitTrimmed(output, maxLines - emitted) : this.#emitLines(output, maxLines - emitted);
      if (output.blocked) break;
    }
    return emitted;
  }

  #emitLines(output: SourceOutput<string>, maxLines: number): number {
    const text = this.#text;
    let next = this.#next;
    let emitted = 0;
    while (next < text.length && emitted < maxLines) {
      const end = text.indexOf('\n', next);
      output.emit(text.substring(next, end));
      next = end + 1;
      emitted++;
      if (output.blocked) break;
    }
    this.#next = next;
    return emitted;
  }

  /** As `#emitLines`, for a piece in which lines may end in a carriage return. */
  #emitTrimmed(output: SourceOutput<string>, maxLines: number): number {
    const text = this.#text;
    let next = this.#next;
    let emitted = 0;
    while (next < text.length && emitted < maxLines) {
      const end = text.indexOf('\n', next);
      const trimmed = end > next && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
      output.emit(text.substring(next, trimmed));
      next = end + 1;
      emitted++;
      if (output.blocked) break;
    }
    this.#next = next;
    return emitted;
  }

  /** Decodes the next piece, which ends with a line break as the chunk does. */
  #decodePiece(): boolean {
    const from = this.#pieceTo;
    if (from >= this.#to) return false;
    const to = this.#endOfPiece(from);
    this.#pieceFrom = from;
    this.#pieceTo = to;
    this.#ascii = this.#latin1 || isAscii(this.#bytes.subarray(from, to));
    this.#text = this.#bytes.toString(this.#ascii ? 'latin1' : 'utf8', from, to);
    this.#returns = this.#text.includes('\r\n');
    this.#next = 0;
    return true;
  }

  #endOfPiece(from: number): number {
    const wanted = from + PIECE_BYTES;
    if (wanted >= this.#to) return this.#to;
    const lastBreak = this.#bytes.lastIndexOf(LINE_BREAK, wanted - 1);
    return (lastBreak >= from ? lastBreak : this.#bytes.indexOf(LINE_BREAK, wanted)) + 1;
  }

  /** The bytes of the piece's lines that are emitted: counted by line breaks, since invalid bytes change their number in the text. */
  #bytesEmitted(): number {
    let byte = this.#pieceFrom;
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < this.#next; at = this.#text.indexOf('\n', at + 1)) {
      byte = this.#bytes.indexOf(LINE_BREAK, byte) + 1;
    }
    return byte - this.#pieceFrom;
  }
}
