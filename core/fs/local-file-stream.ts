import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { asFileSystemError } from './local-errors.js';

const CHUNK_BYTES = 256 * 1024;

/** A local file as a stream; unlike Node's own, its errors are those of the file system contract. */
export class LocalFileStream extends Readable {
  #handle: FileHandle | undefined;
  #position: number;

  constructor(
    readonly path: string,
    readonly localPath: string,
    position: number,
  ) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#position = position;
  }

  override _construct(done: (error?: Error | null) => void): void {
    open(this.localPath, 'r').then(
      (handle) => {
        this.#handle = handle;
        done();
      },
      (error: unknown) => {
        done(asFileSystemError('open', this.path, error));
      },
    );
  }

  override _read(): void {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#handle!.read(chunk, 0, CHUNK_BYTES, this.#position).then(
      ({ bytesRead }) => {
        this.#position += bytesRead;
        this.push(bytesRead === 0 ? null : chunk.subarray(0, bytesRead));
      },
      (error: unknown) => {
        this.destroy(asFileSystemError('read', this.path, error));
      },
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const closed = this.#handle?.close() ?? Promise.resolve();
    closed.then(
      () => {
        done(error);
      },
      (closing: unknown) => {
        done(error ?? asFileSystemError('close', this.path, closing));
      },
    );
  }
}
