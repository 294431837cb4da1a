import type { Readable } from 'node:stream';
import type { ReadableFile } from '#core';

/** Bytes read one after the other. */
export interface ByteSource {
  /** Reads at most `length` bytes into `target`; answers how many, 0 only at the end. */
  read(target: Uint8Array, offset: number, length: number): Promise<number>;
  close(): Promise<void>;
}

/** Reads a file from a position on. */
export class FileByteSource implements ByteSource {
  readonly #file: ReadableFile;
  #position: number;

  constructor(file: ReadableFile, position: number) {
    this.#file = file;
    this.#position = position;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    const bytesRead = await this.#file.read(target, offset, length, this.#position);
    this.#position += bytesRead;
    return bytesRead;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Reads a stream, which is asked for no more than is read. */
export class StreamByteSource implements ByteSource {
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    while (this.#used === this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return 0;
      this.#chunk = next.value;
      this.#used = 0;
    }
    const bytes = this.#chunk.subarray(this.#used, this.#used + length);
    target.set(bytes, offset);
    this.#used += bytes.length;
    return bytes.length;
  }

  /** Leaves out what is not wanted. */
  async skip(byteCount: number): Promise<void> {
    const scratch = new Uint8Array(Math.min(byteCount, 64 * 1024));
    for (let left = byteCount; left > 0;) {
      const skipped = await this.read(scratch, 0, Math.min(left, scratch.length));
      if (skipped === 0) return;
      left -= skipped;
    }
  }

  close(): Promise<void> {
    this.#stream.destroy();
    return Promise.resolve();
  }
}
