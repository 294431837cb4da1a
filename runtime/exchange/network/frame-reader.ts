import { FRAME_HEADER_BYTES, FrameKind, MAX_CONTROL_BYTES } from './frame.js';
import { ProtocolError } from './protocol-error.js';

/** What becomes of the frames of a connection. */
export interface FrameSink {
  /** Where the body of a data frame goes; undefined: nowhere, the channel is gone. */
  place(channel: number, length: number): Uint8Array | undefined;
  /** The place given last is filled. */
  placed(channel: number): void;
  control(kind: FrameKind, channel: number, body: Buffer): void;
}

/**
 * Cuts a byte stream into frames, wherever its chunks happen to end. Bodies of data frames are copied once, from the chunk to their place.
 *
 * ```
 *   header ──8 bytes──▶ body ──length bytes──▶ header …
 * ```
 */
export class FrameReader {
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  readonly #control = Buffer.alloc(MAX_CONTROL_BYTES);
  #headerFilled = 0;
  #kind: FrameKind = FrameKind.data;
  #channel = 0;
  #length = 0;
  /** Bytes of the body so far. */
  #filled = 0;
  #place: Uint8Array | undefined;

  constructor(private readonly sink: FrameSink) {}

  /** Takes the next `length` bytes of the stream. Throws {@link ProtocolError}. */
  push(chunk: Uint8Array, length: number): void {
    let at = 0;
    while (at < length || this.#bodyComplete()) {
      if (this.#headerFilled < FRAME_HEADER_BYTES) at = this.#readHeader(chunk, at, length);
      else at = this.#readBody(chunk, at, length);
    }
  }

  #bodyComplete(): boolean {
    return this.#headerFilled === FRAME_HEADER_BYTES && this.#filled === this.#length;
  }

  #readHeader(chunk: Uint8Array, at: number, end: number): number {
    while (this.#headerFilled < FRAME_HEADER_BYTES && at < end) this.#header[this.#headerFilled++] = chunk[at++]!;
    if (this.#headerFilled === FRAME_HEADER_BYTES) this.#begin();
    return at;
  }

  #begin(): void {
    this.#length = this.#header.readUInt32LE(0);
    const word = this.#header.readUInt32LE(4);
    this.#kind = (word & 0xff) as FrameKind;
    this.#channel = word >>> 8;
    this.#filled = 0;
    if (this.#kind === FrameKind.data) this.#place = this.sink.place(this.#channel, this.#length);
    else if (this.#length > MAX_CONTROL_BYTES) throw new ProtocolError(`a control frame of ${this.#length} bytes`);
    else this.#place = this.#control;
  }

  #readBody(chunk: Uint8Array, at: number, end: number): number {
    const count = Math.min(end - at, this.#length - this.#filled);
    this.#place?.set(chunk.subarray(at, at + count), this.#filled);
    this.#filled += count;
    if (this.#filled === this.#length) this.#end();
    return at + count;
  }

  #end(): void {
    this.#headerFilled = 0;
    if (this.#kind !== FrameKind.data) this.sink.control(this.#kind, this.#channel, this.#control.subarray(0, this.#length));
    else if (this.#place !== undefined) this.sink.placed(this.#channel);
  }
}
