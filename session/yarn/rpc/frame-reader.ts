/** Frames are as long as Hadoop allows by default (ipc.maximum.response.length). */
const LONGEST_FRAME_BYTES = 128 << 20;
const LENGTH_BYTES = 4;

/** Cuts a stream of bytes into frames: a length of 4 bytes, most significant first, then that many bytes. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** Answers the frames that are complete now. Throws `RangeError` for a length that no frame has. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Buffer | undefined {
    if (this.#bytes < LENGTH_BYTES) return undefined;
    const length = this.#joined(LENGTH_BYTES).readUInt32BE();
    if (length > LONGEST_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`);
    const end = LENGTH_BYTES + length;
    if (this.#bytes < end) return undefined;
    const all = this.#joined(end);
    this.#chunks = all.length > end ? [all.subarray(end), ...this.#chunks.slice(1)] : this.#chunks.slice(1);
    this.#bytes -= end;
    return all.subarray(LENGTH_BYTES, end);
  }

  /** The first chunk, when it has `length` bytes; else all of them, made one. */
  #joined(length: number): Buffer {
    if (this.#chunks[0]!.length < length) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }
}

/** Puts the length before a frame. */
export function framed(body: Uint8Array): Buffer {
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
