import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { FileExistsError, FileNotFoundError, LostFileError } from './errors.js';
import type { FileStatus, FileSystem } from './file-system.js';
import { asFileSystemError } from './local-errors.js';
import { LocalWritableFile } from './local-file.js';
import { fromFileUri, parentPath } from './path.js';
import {
  checkCommitted,
  type PendingFile,
  type RecoverableFile,
  type RecoverablePosition,
  type RecoverableWriter,
} from './recoverable-writer.js';

/**
 * Exactly-once files of this machine: written under a temporary name, renamed to be seen. Names are durable like the bytes: the directory
 * is brought to stable storage, too.
 */
export class LocalRecoverableWriter implements RecoverableWriter {
  constructor(private readonly fileSystem: FileSystem) {}

  async open(target: string, temporary: string): Promise<RecoverableFile> {
    await this.fileSystem.makeDirectories(parentPath(temporary));
    return new LocalRecoverableFile(target, temporary, await opened('create', temporary, 'wx'), 0);
  }

  async recover({ target, temporary, positionBytes }: RecoverablePosition): Promise<RecoverableFile> {
    const status = await this.#statusOf(temporary);
    if (status === undefined) throw new LostFileError(temporary, positionBytes, undefined);
    if (status.sizeBytes < positionBytes) throw new LostFileError(temporary, positionBytes, status.sizeBytes);
    const handle = await opened('recover', temporary, constants.O_WRONLY | constants.O_APPEND);
    try {
      await handle.truncate(positionBytes);
    } catch (error) {
      await handle.close();
      throw asFileSystemError('truncate', temporary, error);
    }
    return new LocalRecoverableFile(target, temporary, handle, positionBytes);
  }

  async commit(file: PendingFile): Promise<void> {
    const { target, temporary, sizeBytes } = file;
    // In this order: when somebody else commits the same meanwhile, the two are never seen to be there at once.
    const to = await this.#statusOf(target);
    const from = await this.#statusOf(temporary);
    if (from === undefined) return checkCommitted(file, to ?? (await this.#statusOf(target)));
    // A file may be written on after the checkpoint it is whole in only by who has no right to it any more.
    if (from.sizeBytes !== sizeBytes) throw new LostFileError(temporary, sizeBytes, from.sizeBytes);
    if (to !== undefined) throw new FileExistsError(target);
    try {
      await this.fileSystem.rename(temporary, target, { overwrite: true });
    } catch (error) {
      if (!(error instanceof FileNotFoundError)) throw error;
      // Somebody else was faster: an attempt that was given up, but whose process still lives, commits the same.
      checkCommitted(file, await this.#statusOf(target));
    }
    await syncDirectory(target);
  }

  async #statusOf(path: string): Promise<FileStatus | undefined> {
    try {
      return await this.fileSystem.status(path);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }
}

class LocalRecoverableFile implements RecoverableFile {
  readonly #file: LocalWritableFile;

  constructor(
    private readonly target: string,
    private readonly temporary: string,
    handle: FileHandle,
    startBytes: number,
  ) {
    this.#file = new LocalWritableFile(temporary, handle, startBytes);
  }

  get positionBytes(): number {
    return this.#file.positionBytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#file.write(bytes);
  }

  async persist(): Promise<RecoverablePosition> {
    await this.#file.sync();
    await syncDirectory(this.temporary);
    return { target: this.target, temporary: this.temporary, positionBytes: this.positionBytes };
  }

  async closeForCommit(): Promise<PendingFile> {
    await this.#file.sync();
    await this.#file.close();
    await syncDirectory(this.temporary);
    return { target: this.target, temporary: this.temporary, sizeBytes: this.positionBytes };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function opened(operation: string, path: string, flags: string | number): Promise<FileHandle> {
  try {
    return await open(fromFileUri(path), flags);
  } catch (error) {
    throw asFileSystemError(operation, path, error);
  }
}

/** Makes the names in the directory of a file durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = parentPath(path);
  const handle = await opened('open', directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    throw asFileSystemError('sync', directory, error);
  } finally {
    await handle.close();
  }
}
