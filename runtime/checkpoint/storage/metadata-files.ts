import { randomUUID } from 'node:crypto';
import {
  FileNotFoundError,
  type FileSystem,
  type FileSystems,
  joinPath,
  parentPath,
  pathName,
  type ResolvedPath,
  type ResolveOptions,
  splitPath,
} from '#core';
import { withPaths } from '../handle-walk.js';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata } from '../metadata.js';
import { CheckpointNotFoundError } from '../metadata-errors.js';
import { METADATA_FILE } from './directories.js';

/**
 * Writes `_metadata` into the directory of a checkpoint, so that it is there whole and durably, or not at all. Paths of files below the
 * directory, or beside it in the directory of the job, are written relative to it, so that all can be moved. Throws `FileExistsError` when
 * another checkpoint of that number is there.
 */
export async function writeMetadata(metadata: CheckpointMetadata, directory: string, files: FileSystems): Promise<void> {
  const { fileSystem, path } = files.resolve(directory);
  const bytes = encodeMetadata(withPaths(metadata, (file) => relativePath(file, path)));
  const unfinished = joinPath(path, `.${METADATA_FILE}.${randomUUID()}`);
  try {
    const file = await fileSystem.create(unfinished, { overwrite: false });
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(unfinished, joinPath(path, METADATA_FILE), { overwrite: false });
    await fileSystem.syncDirectory(path);
  } catch (error) {
    await fileSystem.delete(unfinished).catch(() => false);
    throw error;
  }
}

/** A checkpoint or savepoint that was found at a path. */
export interface FoundCheckpoint {
  readonly metadata: CheckpointMetadata;
  /** Where its `_metadata` lies. */
  readonly directory: string;
}

/** @param path a directory with `_metadata` in it, or that file. Throws {@link CheckpointNotFoundError}, `UnreadableMetadataError`. */
export async function readMetadata(path: string, files: FileSystems, options?: ResolveOptions): Promise<FoundCheckpoint> {
  const file = await findMetadata(path, files.resolve(path, options));
  const directory = parentPath(file.path);
  const metadata = decodeMetadata(await readWhole(file.fileSystem, file.path), file.path);
  return { metadata: withPaths(metadata, (stored) => absolutePathOf(stored, directory)), directory };
}

async function findMetadata(asked: string, { path, fileSystem }: ResolvedPath): Promise<ResolvedPath> {
  try {
    const { directory } = await fileSystem.status(path);
    if (!directory) return { path, fileSystem };
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error;
    const text = `Cannot find checkpoint or savepoint file/directory '${asked}' on file system '${fileSystem.scheme}'.`;
    throw new CheckpointNotFoundError(asked, text, error);
  }
  const inside = joinPath(path, METADATA_FILE);
  if (await fileSystem.exists(inside)) return { path: inside, fileSystem };
  throw new CheckpointNotFoundError(
    asked,
    `Cannot find meta data file '${METADATA_FILE}' in directory '${asked}'. ` +
      'Please try to load the checkpoint/savepoint directly from the metadata file instead of the directory.',
  );
}

async function readWhole(fileSystem: FileSystem, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of fileSystem.stream(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function relativePath(file: string, directory: string): string {
  if (file.startsWith(`${directory}/`)) return file.slice(directory.length + 1);
  // Shared files of a job: `<job>/shared/x` from `<job>/chk-3`.
  const parent = parentPath(directory);
  const beside = pathName(directory).startsWith('chk-') && file.startsWith(`${parent}/`);
  return beside ? `../${file.slice(parent.length + 1)}` : file;
}

function absolutePathOf(stored: string, directory: string): string {
  return splitPath(stored).scheme === undefined ? joinPath(directory, stored) : stored;
}
