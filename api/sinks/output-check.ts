import { FileExistsError, type FileSystem } from '#core';

/**
 * Throws `FileExistsError` when output would replace something. A directory may exist when a directory is to be
 * written, as long as nothing is in it.
 */
export async function checkOutput(fileSystem: FileSystem, path: string, directory: boolean): Promise<void> {
  if (!(await fileSystem.exists(path))) return;
  const free = directory && (await fileSystem.status(path)).directory && (await fileSystem.list(path)).length === 0;
  if (!free) throw new FileExistsError(path);
}
