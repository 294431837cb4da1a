import { constants, type Dirent, type Stats } from 'node:fs';
import { chmod, link, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import { statusIfThere } from './commit-file.js';
import { FileExistsError, FileNotFoundError, FileSystemError } from './errors.js';
import type { CreateOptions, FileStatus, FileSystem, ReadableFile, WritableFile } from './file-system.js';
import { LocalReadableFile, LocalWritableFile } from './local-file.js';
import { LocalFileStream } from './local-file-stream.js';
import { asFileSystemError, errorCode } from './local-errors.js';
import { LocalRecoverableWriter } from './local-recoverable-writer.js';
import { fromFileUri, joinPath, parentPath, toFileUri } from './path.js';
import type { RecoverableWriter } from './recoverable-writer.js';

/** What Flink tells for local files; splits are made by it. */
const BLOCK_SIZE_BYTES = 32 * 1024 * 1024;

/** The files of this machine: scheme `file`. */
export class LocalFileSystem implements FileSystem {
  readonly scheme = 'file';
  readonly distributed = false;

  async open(path: string): Promise<ReadableFile> {
    return doing('open', path, async (local) => {
      const handle = await open(local, 'r');
      const stats = await handle.stat();
      if (!stats.isDirectory()) return new LocalReadableFile(path, handle, stats.size);
      await handle.close();
      throw new FileSystemError(path, 'open', 'it is a directory');
    });
  }

  stream(path: string, position = 0): Readable {
    return new LocalFileStream(path, fromFileUri(path), position);
  }

  /** Makes the directories above the file, too. */
  async create(path: string, options: CreateOptions): Promise<WritableFile> {
    return doing('create', path, async (local) => {
      await mkdir(fromFileUri(parentPath(path)), { recursive: true });
      return new LocalWritableFile(path, await open(local, options.overwrite ? 'w' : 'wx'), 0);
    });
  }

  async append(path: string): Promise<WritableFile> {
    return doing('append to', path, async (local) => {
      const handle = await open(local, constants.O_WRONLY | constants.O_APPEND);
      return new LocalWritableFile(path, handle, (await handle.stat()).size);
    });
  }

  async rename(from: string, to: string, options: { readonly overwrite?: boolean } = {}): Promise<void> {
    const target = fromFileUri(to);
    await doing('rename', from, async (source) => {
      try {
        if (options.overwrite === true) await rename(source, target);
        else await renameToFree(source, target);
      } catch (error) {
        if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR'].includes(errorCode(error))) throw new FileExistsError(to, error);
        throw error;
      }
    });
  }

  /** In the order of names. Of a file, the file itself. */
  async list(path: string): Promise<readonly FileStatus[]> {
    return doing('list', path, async (local) => {
      const status = await this.status(path);
      if (!status.directory) return [status];
      const entries = await readdir(local, { withFileTypes: true });
      const found = await Promise.all(entries.map((entry) => this.#statusOf(path, entry)));
      return found.filter((entry) => entry !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
    });
  }

  /** What was deleted since the directory was read is left out. */
  async #statusOf(directory: string, entry: Dirent): Promise<FileStatus | undefined> {
    try {
      return await this.status(joinPath(directory, entry.name));
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  async delete(path: string, options: { readonly recursive?: boolean } = {}): Promise<boolean> {
    return doing('delete', path, async (local) => {
      // Of a link, the link itself is meant, wherever it leads.
      const stats = await lstatOrUndefined(local);
      if (stats === undefined) return false;
      if (options.recursive === true) await rm(local, { recursive: true, force: true });
      else await (stats.isDirectory() ? rmdir(local) : unlink(local));
      return true;
    });
  }

  async syncDirectory(path: string): Promise<void> {
    // A directory cannot be opened there, nor need it be.
    if (process.platform === 'win32') return;
    await doing('sync', path, async (local) => {
      const handle = await open(local, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  async makeDirectories(path: string): Promise<void> {
    await doing('make directory', path, (local) => mkdir(local, { recursive: true }));
  }

  async status(path: string): Promise<FileStatus> {
    return doing('look at', path, async (local) => statusFrom(toFileUri(local), await stat(local)));
  }

  async exists(path: string): Promise<boolean> {
    return (await statusIfThere(this, path)) !== undefined;
  }

  home(): Promise<string> {
    return Promise.resolve(toFileUri(homedir()));
  }

  async setPermissions(path: string, mode: number): Promise<void> {
    await doing('set the permissions of', path, (local) => chmod(local, mode));
  }

  async setModified(path: string, modifiedMs: number): Promise<void> {
    await doing('set the time of', path, (local) => utimes(local, modifiedMs / 1000, modifiedMs / 1000));
  }

  recoverableWriter(): RecoverableWriter {
    return new LocalRecoverableWriter(this);
  }
}

function statusFrom(path: string, stats: Stats): FileStatus {
  return {
    path,
    directory: stats.isDirectory(),
    sizeBytes: stats.isDirectory() ? 0 : stats.size,
    modifiedMs: stats.mtimeMs,
    blockSizeBytes: BLOCK_SIZE_BYTES,
  };
}

async function lstatOrUndefined(local: string): Promise<Stats | undefined> {
  try {
    return await lstat(local);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** `rename` replaces files without a word; a link does not. Directories cannot be linked, nor files everywhere. */
async function renameToFree(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK'].includes(errorCode(error))) throw error;
    const taken = await stat(target).then(
      () => true,
      () => false,
    );
    if (taken) throw new FileExistsError(toFileUri(target));
    await rename(source, target);
    return;
  }
  await unlink(source);
}

async function doing<T>(operation: string, path: string, step: (localPath: string) => Promise<T>): Promise<T> {
  try {
    return await step(fromFileUri(path));
  } catch (error) {
    throw asFileSystemError(operation, path, error);
  }
}
