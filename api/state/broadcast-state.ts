/** Broadcast state as the side sees it that is not broadcast: to change it there would make the subtasks differ. */
export interface ReadOnlyBroadcastState<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  /** The values must not be changed. */
  entries(): Iterable<readonly [K, V]>;
}

/** A map that is the same in all subtasks of an operator. It is kept in memory. */
export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V> {
  put(key: K, value: V): void;
  putAll(entries: Iterable<readonly [K, V]>): void;
  remove(key: K): void;
  clear(): void;
}
