import { FileNotFoundError, type FileSystems } from '#core';
import type { CompletedCheckpoint } from './completed-checkpoints.js';
import { bytesOfMetadata } from './handle-walk.js';
import type { BytesHandle } from './handles.js';
import { SnapshotDamagedError } from './storage/errors.js';
import { readMetadata } from './storage/metadata-files.js';

/** Files that are looked at side by side. */
const AT_ONCE = 16;

/**
 * Whether everything of a checkpoint is where it was written: its metadata can be read, and each file has its size. Throws what is wrong:
 * `SnapshotDamagedError`, `UnreadableMetadataError`, `CheckpointNotFoundError`.
 */
export async function verifyCheckpoint({ metadata, location }: CompletedCheckpoint, files: FileSystems): Promise<void> {
  if (location.metadataDirectory !== undefined) await readMetadata(location.metadataDirectory, files);
  const sizes = new Map(bytesOfMetadata(metadata).flatMap((bytes) => (bytes.kind === 'file' ? [[bytes.path, bytes] as const] : [])));
  const rest = [...sizes.values()];
  while (rest.length > 0) await Promise.all(rest.splice(0, AT_ONCE).map((bytes) => verifyFile(bytes, files)));
}

async function verifyFile({ path, sizeBytes }: Extract<BytesHandle, { kind: 'file' }>, files: FileSystems): Promise<void> {
  const resolved = files.resolve(path);
  try {
    const status = await resolved.fileSystem.status(resolved.path);
    if (status.sizeBytes !== sizeBytes) throw new SnapshotDamagedError(path, `it has ${status.sizeBytes} bytes instead of ${sizeBytes}`);
  } catch (error) {
    throw error instanceof FileNotFoundError ? new SnapshotDamagedError(path, 'it is gone', error) : error;
  }
}
