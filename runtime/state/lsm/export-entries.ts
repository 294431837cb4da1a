import type { ValueWriter } from '#core';
import { type KeyGroupRange } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import { NO_SUB_KEY, SegmentWriter } from '../segment/segment-writer.js';
import type { SnapshotStream } from '../snapshot-storage.js';
import { endOfKey, keyGroupAt, PREFIX_BYTES, readKey, SERIAL_BYTES, serialAt, stateAt } from './entry-keys.js';
import type { EntrySource } from './entry-source.js';
import { hasSubKeys } from './lsm-spec.js';
import type { LsmState } from './lsm-state.js';
import { MergedEntries } from './merged-entries.js';
import type { Run } from './run.js';
import { RunSource } from './run-source.js';

const ENTRIES_A_SLICE = 512;

/** Writes the bytes it is given. */
const raw = { write: (writer: ValueWriter, value: unknown): void => writer.raw(value as Uint8Array) };

/** Writes all entries in the form that every backend reads; answers their number. `pause` is called every ms or so. */
export async function exportEntries(
  runs: readonly Run[],
  states: readonly LsmState[],
  metas: readonly StateMeta[],
  keyGroups: KeyGroupRange,
  stream: SnapshotStream,
  pause: () => Promise<void>,
): Promise<number> {
  const writer = new SegmentWriter();
  const target = new EntryExport(writer, states, metas, keyGroups);
  const entries = new MergedEntries(runs.map((run) => new RunSource(run, new Uint8Array(0), true)));
  for (let count = 1; entries.next(); count++) {
    target.add(entries.source);
    if (count % ENTRIES_A_SLICE !== 0) continue;
    await writer.drain(stream);
    await pause();
  }
  if (writer.entries > 0) await writer.finish(stream, metas);
  return writer.entries;
}

class EntryExport {
  /** Serials that are alive, by state; undefined where there are no namespaces. */
  readonly #alive: readonly (ReadonlySet<number> | undefined)[];

  constructor(
    private readonly writer: SegmentWriter,
    private readonly states: readonly LsmState[],
    metas: readonly StateMeta[],
    private readonly keyGroups: KeyGroupRange,
  ) {
    this.#alive = metas.map(({ namespaces }) => namespaces && new Set(namespaces.map(({ serial }) => serial)));
  }

  add({ bytes, keyStart, valueStart, valueEnd, deleted }: EntrySource): void {
    const keyGroup = keyGroupAt(bytes, keyStart);
    const state = this.states[stateAt(bytes, keyStart)];
    if (deleted || state === undefined || keyGroup < this.keyGroups.first || keyGroup > this.keyGroups.last) return;
    const alive = this.#alive[state.id];
    const serial = state.namespaced ? serialAt(bytes, keyStart + PREFIX_BYTES) : 0;
    if (state.namespaced && alive?.has(serial) !== true) return;
    const keyAt = keyStart + PREFIX_BYTES + (state.namespaced ? SERIAL_BYTES : 0);
    const subKey = hasSubKeys(state.spec) ? readKey(bytes, endOfKey(bytes, keyAt)) : NO_SUB_KEY;
    const value = valueOf(state, bytes, valueStart, valueEnd);
    if (value !== undefined) this.writer.put({ state: state.id, serial }, keyGroup, readKey(bytes, keyAt), subKey, raw, value);
  }
}

/** The value as its state writes it, without the version; undefined when its time is over. */
function valueOf(state: LsmState, bytes: Buffer, start: number, end: number): Uint8Array | undefined {
  if (start === end) return bytes.subarray(start, end);
  const { form, expired } = state;
  if (bytes[start] === form.current && expired === undefined) return bytes.subarray(start + 1, end);
  const value = form.decode(bytes, start, end);
  return expired?.(value) === true ? undefined : form.encode(value).subarray(1);
}
