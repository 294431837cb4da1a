import { type FileSystem, parentPath, type WritableFile } from '#core';
import type { BytesHandle } from '../handles.js';
import type { SnapshotStream } from '../../state/snapshot-storage.js';
import { united } from './memory-snapshot-stream.js';

/** Written at once, so that small pieces do not each cost a call. */
const CHUNK_BYTES = 256 * 1024;
/** A writer that is this far ahead of the file waits. */
const BACKLOG_BYTES = 4 * 1024 * 1024;

/**
 * Writes a file of a snapshot. The file is made when there are more bytes than are kept inline, under a name that nothing refers to before
 * the checkpoint is complete, and is durable when `close` has ended.
 */
export class FileSnapshotStream implements SnapshotStream {
  #pieces: Uint8Array[] = [];
  #bufferedBytes = 0;
  #position = 0;
  #file: WritableFile | undefined;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #given = false;

  constructor(
    private readonly path: string,
    private readonly fileSystem: FileSystem,
    private readonly inlineBytes: number,
  ) {}

  get position(): number {
    return this.#position;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#failure) throw this.#failure.error;
    this.#pieces.push(bytes);
    this.#position += bytes.length;
    this.#bufferedBytes += bytes.length;
    if (this.#bufferedBytes < CHUNK_BYTES || this.#position <= this.inlineBytes) return undefined;
    const writing = this.#startWriting();
    return this.#bufferedBytes > BACKLOG_BYTES ? writing.then(() => this.#throwFailure()) : undefined;
  }

  async close(): Promise<BytesHandle> {
    if (this.#position <= this.inlineBytes) {
      this.#given = true;
      return { kind: 'inline', bytes: united(this.#pieces, this.#position) };
    }
    try {
      // What came while the writing was ending is written by the next round.
      do {
        await this.#startWriting();
        this.#throwFailure();
      } while (this.#pieces.length > 0);
      await this.#bringOut();
    } catch (error) {
      await this.abort();
      throw error;
    }
    return { kind: 'file', path: this.path, sizeBytes: this.#position };
  }

  async abort(): Promise<void> {
    if (this.#given) return;
    this.#given = true;
    this.#pieces = [];
    this.#bufferedBytes = 0;
    await this.#writing;
    if (this.#file === undefined) return;
    await this.#file.close().catch(() => undefined);
    await this.fileSystem.delete(this.path).catch(() => false);
  }

  async #bringOut(): Promise<void> {
    const file = this.#file!;
    await file.sync();
    await file.close();
    await this.fileSystem.syncDirectory(parentPath(this.path));
    this.#given = true;
  }

  #startWriting(): Promise<void> {
    this.#writing ??= this.#writeBuffered()
      .catch((error: unknown) => {
        this.#failure = { error };
        this.#pieces = [];
        this.#bufferedBytes = 0;
      })
      .finally(() => {
        this.#writing = undefined;
      });
    return this.#writing;
  }

  async #writeBuffered(): Promise<void> {
    this.#file ??= await this.fileSystem.create(this.path, { overwrite: false });
    while (this.#pieces.length > 0) {
      const pieces = this.#pieces;
      const sizeBytes = this.#bufferedBytes;
      this.#pieces = [];
      this.#bufferedBytes = 0;
      await this.#file.write(united(pieces, sizeBytes));
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
