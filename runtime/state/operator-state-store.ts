import type { ListStateHandle, ListMode } from '../checkpoint/handles.js';
import type { SnapshotStorage } from './snapshot-storage.js';

/** A list that belongs to an operator in a subtask, not to a key. The elements are plain data that the value codec carries. */
export interface OperatorListState<T> {
  get(): readonly T[];
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  update(values: Iterable<T>): void;
  clear(): void;
}

/** Operator state of one operator in one subtask. Lists hold what was restored when they are first asked for. */
export interface OperatorStateStore {
  /** The list of that name; the same object each time. Throws `InvalidStateModeError` (user) when it was made with another mode. */
  list<T>(name: string, mode: ListMode): OperatorListState<T>;
  /** Encodes all lists, synchronously; answers what writes them out. */
  snapshot(): (storage: SnapshotStorage) => Promise<Readonly<Record<string, ListStateHandle>>>;
}
