import { ENTRY_BYTES } from './flush.js';
import { hashBytes } from './key-bytes.js';
import { MergedEntries } from './merged-entries.js';
import type { Run } from './run.js';
import { RunSource } from './run-source.js';
import type { RunWriter } from './run-writer.js';

const STEP_BYTES = 8192;
const FROM_THE_BEGINNING = new Uint8Array(0);

/** Says whether an entry may still be needed. Once false for a key, false for ever. */
export type EntryFilter = (bytes: Uint8Array, from: number, to: number) => boolean;

/** Merges runs, newest first, into one. Pauses as `flush` does. */
export function* compact(runs: readonly Run[], writer: RunWriter, keepDeleted: boolean, needed: EntryFilter): Generator<number, undefined> {
  const entries = new MergedEntries(runs.map((run) => new RunSource(run, FROM_THE_BEGINNING, true)));
  let handled = 0;
  while (entries.next()) {
    const { source } = entries;
    const { bytes, keyStart, keyEnd, deleted } = source;
    if ((!deleted || keepDeleted) && needed(bytes, keyStart, keyEnd)) {
      writer.add(hashBytes(bytes, keyStart, keyEnd), bytes, keyStart, keyEnd, bytes, deleted ? -1 : source.valueStart, source.valueEnd);
    }
    handled += ENTRY_BYTES + source.valueEnd - source.valueStart;
    if (handled < STEP_BYTES) continue;
    yield handled;
    handled = 0;
  }
  return undefined;
}
