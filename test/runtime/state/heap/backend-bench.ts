import { type Clock, fileSystems, type KeyGroupRange } from '#core';
import type { KeyedStateHandle } from '../../../../runtime/checkpoint/handles.js';
import { FileSnapshotReader } from '../../../../runtime/checkpoint/storage/file-snapshot-reader.js';
import { snapshotStorageOf } from '../../../../runtime/checkpoint/storage/snapshot-storage-of.js';
import { createKeyedBackend } from '../../../../runtime/state/create-keyed-backend.js';
import type { KeyedStateBackend } from '../../../../runtime/state/keyed-state-backend.js';
import type { SnapshotStorage } from '../../../../runtime/state/snapshot-storage.js';
import { SteppingClock } from '../../../support/stepping-clock.js';

export const MAX_PARALLELISM = 16;
export const ALL_GROUPS: KeyGroupRange = { first: 0, last: MAX_PARALLELISM - 1 };

/** Snapshots stay in memory. */
export const inMemory: SnapshotStorage = snapshotStorageOf(
  { exclusiveDirectory: '', sharedDirectory: '', memoryThresholdBytes: 2 ** 28 },
  fileSystems,
);

export async function backendOf(
  restored: readonly KeyedStateHandle[] = [],
  keyGroups: KeyGroupRange = ALL_GROUPS,
  clock: Clock = new SteppingClock(),
): Promise<KeyedStateBackend> {
  const reader = new FileSnapshotReader(fileSystems);
  const restoring = createKeyedBackend({
    operatorId: '0123456789abcdef0123456789abcdef',
    operatorName: 'counter',
    subtaskIndex: 0,
    keyGroups,
    maxParallelism: MAX_PARALLELISM,
    clock,
    configuration: {},
    restored,
    reader,
  });
  return await restoring.finally(() => reader.close());
}

/** Takes a snapshot, writes it, and says that its checkpoint is complete. */
export async function completed(backend: KeyedStateBackend, checkpointId: number, full = false): Promise<KeyedStateHandle> {
  const handle = await backend.snapshot(checkpointId, { full }).write(inMemory);
  backend.confirm(checkpointId);
  return handle;
}
