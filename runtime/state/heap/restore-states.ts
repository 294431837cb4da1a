import { CorruptDataError, type KeyGroupRange } from '#core';
import type { KeyedStateHandle, StateMeta } from '../../checkpoint/handles.js';
import type { Namespace } from '../keyed-state-backend.js';
import { DamagedStateError } from '../segment/errors.js';
import { SegmentReader } from '../segment/segment-reader.js';
import type { SnapshotReader } from '../snapshot-storage.js';
import type { KeptState } from './kept-state.js';

/** A state of a segment. */
interface StateOfSegment {
  readonly state: KeptState;
  /** Namespaces that were alive, by serial; undefined for states without. */
  readonly namespaces: ReadonlyMap<number, Namespace> | undefined;
}

/** Reads what belongs to the key groups into states, which `stateOf` finds or makes. Throws {@link DamagedStateError}. */
export async function restoreStates(
  handle: KeyedStateHandle,
  keyGroups: KeyGroupRange,
  reader: SnapshotReader,
  stateOf: (meta: StateMeta) => KeptState,
): Promise<void> {
  const own = { first: Math.max(keyGroups.first, handle.keyGroups.first), last: Math.min(keyGroups.last, handle.keyGroups.last) };
  const states = new Map(handle.states.map((meta) => [meta.name, { state: stateOf(meta), namespaces: namespacesOf(meta) }]));
  if (own.first > own.last) return;
  for (const { bytes } of handle.segments) {
    const segment = await SegmentReader.open(reader, bytes);
    const byIndex = segment.states.map(({ name }): StateOfSegment | undefined => states.get(name));
    try {
      await segment.read(own, (entry) => {
        const of = byIndex[entry.state];
        if (of === undefined) return;
        const namespace = of.namespaces?.get(entry.serial);
        if (of.namespaces === undefined || namespace !== undefined) of.state.restore(entry, namespace);
      });
    } catch (error) {
      if (!(error instanceof CorruptDataError)) throw error;
      throw new DamagedStateError(bytes.kind === 'file' ? bytes.path : 'the metadata of a checkpoint', error.message, error);
    }
  }
}

function namespacesOf({ namespaces }: StateMeta): ReadonlyMap<number, Namespace> | undefined {
  return namespaces && new Map(namespaces.map(({ serial, namespace }) => [serial, namespace]));
}
