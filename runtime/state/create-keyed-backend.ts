import type { Clock, KeyGroupRange } from '#core';
import type { KeyedStateHandle } from '../checkpoint/handles.js';
import { HeapKeyedBackend } from './heap/heap-keyed-backend.js';
import type { KeyedStateBackend } from './keyed-state-backend.js';
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

/** Makes the keyed state of an operator, with what is restored. Throws `StateMigrationError` (user), `DamagedStateError`. */
export type CreateKeyedBackend = (request: KeyedBackendRequest) => Promise<KeyedStateBackend>;

export const createKeyedBackend: CreateKeyedBackend = (request) => HeapKeyedBackend.create(request);
