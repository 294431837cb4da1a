import { readCatalogue } from '../state/lsm/native-catalogue.js';
import { sampleRuns } from '../state/lsm/sample-runs.js';
import { elementsOf } from '../state/operator-lists.js';
import { sampleSegments } from '../state/samples/sample-segments.js';
import { type StateSample, StateSamples } from '../state/samples/state-samples.js';
import type { SnapshotReader } from '../state/snapshot-storage.js';
import type { KeyedStateHandle, StateMeta } from './handles.js';
import type { OperatorMetadata } from './metadata.js';

/** Some of what an operator has kept. */
export interface OperatorSamples {
  /** By state. */
  readonly keyed: ReadonlyMap<string, readonly StateSample[]>;
  /** By list; of a broadcast state its entries, of the first subtask. */
  readonly lists: ReadonlyMap<string, readonly unknown[]>;
}

/** At most `limit` entries of each state and list. Throws `DamagedStateError`, `SnapshotDamagedError`, `DamagedStateFileError`. */
export async function sampleOperator({ subtasks }: OperatorMetadata, limit: number, reader: SnapshotReader): Promise<OperatorSamples> {
  const snapshots = [...subtasks.values()];
  const keyed = new Map<string, StateSample[]>();
  const lists = new Map<string, unknown[]>();
  for (const snapshot of snapshots) {
    if (snapshot.keyed !== undefined) await sampleKeyed(snapshot.keyed, limit, reader, keyed);
    for (const [name, handle] of Object.entries(snapshot.lists)) {
      const found = lists.get(name) ?? [];
      lists.set(name, found);
      // Every subtask has the same of a broadcast state.
      if (found.length >= limit || (handle.mode === 'broadcast' && found.length > 0)) continue;
      found.push(...(await elementsOf({ handle, from: 0, to: Math.min(handle.count, limit - found.length) }, reader)));
    }
  }
  return { keyed, lists };
}

async function sampleKeyed(
  handle: KeyedStateHandle,
  limit: number,
  reader: SnapshotReader,
  found: Map<string, StateSample[]>,
): Promise<void> {
  const wanted = handle.states.filter(({ name }) => (found.get(name)?.length ?? 0) < limit);
  if (wanted.length === 0) return;
  const samples = await samplesOf(handle, wanted, limit, reader);
  for (const { name } of wanted) found.set(name, [...(found.get(name) ?? []), ...samples.of(name)].slice(0, limit));
}

async function samplesOf(
  handle: KeyedStateHandle,
  wanted: readonly StateMeta[],
  limit: number,
  reader: SnapshotReader,
): Promise<StateSamples> {
  const samples = new StateSamples(limit, wanted);
  const catalogue = readCatalogue(handle.segments);
  if (catalogue === undefined) await sampleSegments(handle, reader, samples);
  else await sampleRuns(handle, catalogue, reader, samples);
  return samples;
}
