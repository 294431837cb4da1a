import { type FileSystems, joinPath, type Logger, type ResolveOptions } from '#core';
import { FileRemover } from './file-remover.js';
import { bytesOfMetadata } from './handle-walk.js';
import { METADATA_FILE } from './storage/directories.js';
import { readMetadata } from './storage/metadata-files.js';

/**
 * Deletes a savepoint, or a checkpoint that was retained, with all files that it names. Ends when they are gone. Throws what `readMetadata`
 * throws: what is no savepoint is left alone.
 */
export async function disposeSavepoint(path: string, files: FileSystems, logger: Logger, options?: ResolveOptions): Promise<void> {
  const { metadata, directory } = await readMetadata(path, files, options);
  const remover = new FileRemover(files, logger);
  // First, so that nobody begins from what is only half there.
  remover.remove(joinPath(directory, METADATA_FILE));
  const paths = new Set(bytesOfMetadata(metadata).flatMap((bytes) => (bytes.kind === 'file' ? [bytes.path] : [])));
  for (const file of paths) remover.remove(file);
  remover.removeIfEmpty(directory);
  await remover.idle();
}
