import type { Clock, KeyGroupRange } from '#core';
import { Configuration, stateBackend } from '#conf';
import type { KeyedStateHandle } from '../checkpoint/handles.js';
import { HeapKeyedBackend } from './heap/heap-keyed-backend.js';
import { SnapshotOfOtherBackendError } from './errors.js';
import type { KeyedStateBackend } from './keyed-state-backend.js';
import { createLsmBackend } from './lsm/create-lsm-backend.js';
import { readCatalogue } from './lsm/native-catalogue.js';
import type { SnapshotReader } from './snapshot-storage.js';

/** What keyed state is made for, and from. */
export interface KeyedBackendRequest {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly subtaskIndex: number;
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
  readonly clock: Clock;
  /** Of the cluster and the job: which backend, where its local files are. */
  readonly configuration: Readonly<Record<string, string>>;
  /** What is restored; none of a job that begins. */
  readonly restored: readonly KeyedStateHandle[];
  readonly reader: SnapshotReader;
}

/**
 * Makes the keyed state of an operator, with what is restored. Throws `StateMigrationError`, `SnapshotOfOtherBackendError` (user),
 * `DamagedStateError`.
 */
export type CreateKeyedBackend = (request: KeyedBackendRequest) => Promise<KeyedStateBackend>;

export const createKeyedBackend: CreateKeyedBackend = async (request) => {
  const { configuration, restored, operatorName } = request;
  const backend = Configuration.of(configuration).get(stateBackend);
  if (backend === 'rocksdb') return await createLsmBackend(request);
  if (restored.some(({ segments }) => readCatalogue(segments) !== undefined)) throw new SnapshotOfOtherBackendError(operatorName, backend);
  return await HeapKeyedBackend.create(request);
};
