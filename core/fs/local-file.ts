import type { FileHandle } from 'node:fs/promises';
import type { ReadableFile, WritableFile } from './file-system.js';
import { asFileSystemError } from './local-errors.js';

/** A local file opened for reading. */
export class LocalReadableFile implements ReadableFile {
  constructor(
    readonly path: string,
    readonly handle: FileHandle,
    readonly sizeBytes: number,
  ) {}

  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    try {
      return (await this.handle.read(target, offset, length, position)).bytesRead;
    } catch (error) {
      throw asFileSystemError('read', this.path, error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** A local file opened for writing at its end. */
export class LocalWritableFile implements WritableFile {
  #positionBytes: number;

  constructor(
    readonly path: string,
    readonly handle: FileHandle,
    positionBytes: number,
  ) {
    this.#positionBytes = positionBytes;
  }

  get positionBytes(): number {
    return this.#positionBytes;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done);
        done += bytesWritten;
        this.#positionBytes += bytesWritten;
      }
    } catch (error) {
      throw asFileSystemError('write', this.path, error);
    }
  }

  async sync(): Promise<void> {
    try {
      await this.handle.sync();
    } catch (error) {
      throw asFileSystemError('sync', this.path, error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.handle.close();
    } catch (error) {
      throw asFileSystemError('close', this.path, error);
    }
  }
}
