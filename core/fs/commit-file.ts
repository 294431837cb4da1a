import { FileExistsError, FileNotFoundError, LostFileError } from './errors.js';
import type { FileStatus, FileSystem } from './file-system.js';
import type { PendingFile } from './recoverable-writer.js';

/** The status of what lies there; undefined when nothing does. */
export async function statusIfThere(files: Pick<FileSystem, 'status'>, path: string): Promise<FileStatus | undefined> {
  try {
    return await files.status(path);
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined;
    throw error;
  }
}

/**
 * What `RecoverableWriter.commit` promises, by a `rename` that is atomic. Somebody else may commit the same file meanwhile: an attempt that
 * was given up, but whose process still lives.
 */
export async function commitFile(files: Pick<FileSystem, 'status'>, file: PendingFile, rename: () => Promise<void>): Promise<void> {
  const { target, temporary, sizeBytes } = file;
  // In this order: the two are never seen to be there at once unless they are.
  const to = await statusIfThere(files, target);
  const from = await statusIfThere(files, temporary);
  if (from === undefined) return checkCommitted(file, to ?? (await statusIfThere(files, target)));
  // A file may be written on after the checkpoint it is whole in only by who has no right to it any more.
  if (from.sizeBytes !== sizeBytes) throw new LostFileError(temporary, sizeBytes, from.sizeBytes);
  if (to !== undefined) throw new FileExistsError(target);
  try {
    await rename();
  } catch (error) {
    if (!(error instanceof FileNotFoundError || error instanceof FileExistsError)) throw error;
    if ((await statusIfThere(files, temporary)) !== undefined) throw error;
    checkCommitted(file, await statusIfThere(files, target));
  }
}

/** The temporary file is gone: then the file has its name already, and is what it was. */
function checkCommitted({ target, sizeBytes }: PendingFile, status: FileStatus | undefined): void {
  if (status?.sizeBytes !== sizeBytes) throw new LostFileError(target, sizeBytes, status?.sizeBytes);
}
