import { randomUUID } from 'node:crypto';
import { type FileSystems, joinPath } from '#core';
import type { CheckpointOptions } from '../handles.js';
import type { SnapshotStorage } from '../../state/snapshot-storage.js';
import { FileSnapshotStream } from './file-snapshot-stream.js';
import { MemorySnapshotStream } from './memory-snapshot-stream.js';

/** Where the snapshots of one checkpoint go: files in its directories, or, when it has none, the acknowledgement itself. */
export function snapshotStorageOf(
  options: Pick<CheckpointOptions, 'exclusiveDirectory' | 'sharedDirectory' | 'memoryThresholdBytes'>,
  files: FileSystems,
): SnapshotStorage {
  const { exclusiveDirectory, sharedDirectory, memoryThresholdBytes } = options;
  if (exclusiveDirectory === '') return { createStream: () => new MemorySnapshotStream(memoryThresholdBytes) };
  return {
    createStream: (scope) => {
      const directory = scope === 'shared' ? sharedDirectory : exclusiveDirectory;
      const { path, fileSystem } = files.resolve(joinPath(directory, randomUUID()));
      return new FileSnapshotStream(path, fileSystem, memoryThresholdBytes);
    },
  };
}
