import type { KeyGroupRange } from '#core';
import { endOfKey, type EntryKey, PREFIX_BYTES, readKey } from './entry-keys.js';
import type { LsmStore } from './lsm-store.js';

/** The keys that have entries of a state in the store, each once. The store may be changed meanwhile. */
export function* keysInStore(store: LsmStore, entryKey: EntryKey, state: number, { first, last }: KeyGroupRange): Generator<unknown> {
  for (let keyGroup = first; keyGroup <= last; keyGroup++) {
    const prefix = Buffer.from(entryKey.beginGroup(keyGroup, state, 0).written());
    let before = Buffer.alloc(0);
    for (const cursor = store.scan(prefix); cursor.next();) {
      const { bytes, keyStart } = cursor.entry;
      const key = bytes.subarray(keyStart, endOfKey(bytes, keyStart + PREFIX_BYTES));
      if (key.equals(before)) continue;
      before = Buffer.from(key);
      yield readKey(before, PREFIX_BYTES);
    }
  }
}
