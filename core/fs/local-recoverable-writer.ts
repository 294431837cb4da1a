import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { commitFile, statusIfThere } from './commit-file.js';
import { LostFileError } from './errors.js';
import type { FileSystem } from './file-system.js';
import { asFileSystemError } from './local-errors.js';
import { LocalWritableFile } from './local-file.js';
import { fromFileUri, parentPath } from './path.js';
import type { PendingFile, RecoverableFile, RecoverablePosition, RecoverableWriter } from './recoverable-writer.js';

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
    const status = await statusIfThere(this.fileSystem, temporary);
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
    const { target, temporary } = file;
    await commitFile(this.fileSystem, file, () => this.fileSystem.rename(temporary, target, { overwrite: true }));
    await syncDirectory(target);
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
