import { invariant, type TypeInfo, typeToJson } from '#core';
import type { StateMeta } from '../../../checkpoint/handles.js';
import type { ListIndex, NamespacedState } from '../../keyed-state-backend.js';
import { timesOf } from '../../timed-entries.js';
import type { KeptState } from '../kept-state.js';
import type { KeyDirectory } from '../key-directory.js';
import type { SnapshotPart } from '../snapshot-part.js';
import type { HeapTimedLists } from './heap-timed-lists.js';

const GENERIC: TypeInfo = { kind: 'generic' };

/** One of two lists, as a state with a name: an entry for each key and stretch of time, as other backends have it. */
export class KeptTimedList implements KeptState {
  constructor(
    private readonly lists: HeapTimedLists,
    private readonly list: ListIndex,
    private readonly spec: { readonly name: string; readonly kind: string },
  ) {}

  /** Takes over what was restored, whatever its stretches are. */
  take(restored: NamespacedState<unknown>, keys: KeyDirectory): void {
    const { lists, list } = this;
    for (const namespace of [...restored.namespaces()]) {
      const [start] = timesOf(namespace);
      for (const cursor = restored.table(namespace).cursor(); cursor.next();) {
        const slot = keys.slotOf(cursor.key);
        const entries = cursor.value as unknown[];
        for (let at = 0; at < entries.length; at += 2) lists.add(slot, list, start + (entries[at] as number), entries[at + 1]);
      }
      restored.drop(namespace);
    }
  }

  meta(): StateMeta {
    const { name, kind } = this.spec;
    const { serials, lists } = this.lists;
    return { name, kind, type: typeToJson(GENERIC), namespaces: [...serials.from(lists[this.list].dropped)] };
  }

  /** Both lists go into snapshots together. */
  parts(): Iterable<SnapshotPart> {
    return this.list === 0 ? [this.lists.part] : [];
  }

  restore(): void {
    invariant(false, 'what is restored is taken over');
  }
}
