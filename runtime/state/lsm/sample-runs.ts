import { tmpdir } from 'node:os';
import type { KeyedStateHandle } from '../../checkpoint/handles.js';
import { sizeOf } from '../../checkpoint/handle-walk.js';
import type { StateSamples } from '../samples/state-samples.js';
import type { SnapshotReader } from '../snapshot-storage.js';
import { endOfKey, PREFIX_BYTES, readKey, SERIAL_BYTES, serialAt, stateAt } from './entry-keys.js';
import type { EntrySource } from './entry-source.js';
import { fetchRuns, statesOf } from './lsm-restore.js';
import { hasSubKeys } from './lsm-spec.js';
import type { LsmState } from './lsm-state.js';
import { LsmStates } from './lsm-states.js';
import { MergedEntries } from './merged-entries.js';
import type { Catalogue } from './native-catalogue.js';
import { RunSource } from './run-source.js';
import { StateDirectory } from './state-directory.js';

/** The files are copied to be read: more than that is not. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Takes samples from a snapshot of sorted files; answers false when it is too large to be copied for that. Throws `DamagedStateFileError`,
 * `SnapshotDamagedError`, `StateFileWriteError`.
 */
export async function sampleRuns(
  handle: KeyedStateHandle,
  catalogue: Catalogue,
  reader: SnapshotReader,
  samples: StateSamples,
): Promise<boolean> {
  if (handle.segments.reduce((sum, { bytes }) => sum + sizeOf(bytes), 0) > MOST_BYTES) return false;
  const directory = new StateDirectory([tmpdir()], 'inspect');
  try {
    const states = statesOf(handle, catalogue, new LsmStates('inspected'));
    const runs = await fetchRuns(handle, catalogue, { directory, reader });
    const entries = new MergedEntries(runs.map((run) => new RunSource(run, new Uint8Array(0), true)));
    while (!samples.complete && entries.next()) {
      const state = states[stateAt(entries.source.bytes, entries.source.keyStart)];
      if (state !== undefined) sampleEntry(entries.source, state, samples);
    }
    for (const run of runs) run.release();
    return true;
  } finally {
    await directory.remove();
  }
}

function sampleEntry({ bytes, keyStart, valueStart, valueEnd, deleted }: EntrySource, state: LsmState, samples: StateSamples): void {
  if (deleted) return;
  const serial = state.namespaced ? serialAt(bytes, keyStart + PREFIX_BYTES) : 0;
  const keyAt = keyStart + PREFIX_BYTES + (state.namespaced ? SERIAL_BYTES : 0);
  const subKey = hasSubKeys(state.spec) ? readKey(bytes, endOfKey(bytes, keyAt)) : undefined;
  const read = (): unknown => (valueStart === valueEnd ? undefined : state.form.decode(bytes, valueStart, valueEnd));
  samples.put(state.spec.name, { serial, key: readKey(bytes, keyAt), subKey }, read);
}
