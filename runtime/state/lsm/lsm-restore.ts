import { CorruptDataError, type KeyGroupRange, keyGroupOf, typeFromJson } from '#core';
import type { KeyedStateHandle, SegmentHandle } from '../../checkpoint/handles.js';
import { sizeOf } from '../../checkpoint/handle-walk.js';
import type { Namespace } from '../keyed-state-backend.js';
import { DamagedStateError } from '../segment/errors.js';
import { type SegmentEntry, SegmentReader } from '../segment/segment-reader.js';
import type { SnapshotReader } from '../snapshot-storage.js';
import { EntryKey, keyGroupAt, PREFIX_BYTES, serialAt, stateAt } from './entry-keys.js';
import type { EntrySource } from './entry-source.js';
import { StateFileWriteError } from './errors.js';
import { hasSubKeys, specOfMeta } from './lsm-spec.js';
import type { LsmState } from './lsm-state.js';
import type { LsmStates } from './lsm-states.js';
import type { LsmStore } from './lsm-store.js';
import { MergedEntries } from './merged-entries.js';
import { type Catalogue, readCatalogue } from './native-catalogue.js';
import { Run } from './run.js';
import { RunSource } from './run-source.js';
import { SortedFile } from './sorted-file.js';
import type { StateDirectory } from './state-directory.js';
import { localStoreFiles } from './store-files.js';

const COPY_BYTES = 1024 * 1024;

/** What is restored to. */
export interface RestoreTarget {
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
  readonly store: LsmStore;
  readonly states: LsmStates;
  readonly directory: StateDirectory;
  readonly reader: SnapshotReader;
}

/**
 * Restores what belongs to the key groups. Files of a snapshot of this backend become files of the store as they are, when there is one
 * such snapshot that has all the key groups; else entries are put one by one. Throws `DamagedStateError`, `DamagedStateFileError`,
 * `StateFileWriteError`.
 */
export async function restore(handles: readonly KeyedStateHandle[], target: RestoreTarget): Promise<void> {
  const [only] = handles;
  for (const handle of handles) {
    const catalogue = readCatalogue(handle.segments);
    if (catalogue === undefined) await new SegmentImport(handle, target).run();
    else if (handles.length === 1 && covers(only!.keyGroups, target.keyGroups)) await adopt(handle, catalogue, target);
    else await importRuns(handle, catalogue, target);
  }
}

function covers(outer: KeyGroupRange, inner: KeyGroupRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

async function adopt(handle: KeyedStateHandle, catalogue: Catalogue, target: RestoreTarget): Promise<void> {
  statesOf(handle, catalogue, target.states);
  target.store.adopt(await fetchRuns(handle, catalogue, target));
}

/** The states by their numbers in the snapshot, with the versions and namespaces it has. */
export function statesOf(handle: KeyedStateHandle, catalogue: Catalogue, states: LsmStates): LsmState[] {
  const metas = new Map(handle.states.map((meta) => [meta.name, meta]));
  return catalogue.states.map(({ name, versions, current }) => {
    const meta = metas.get(name)!;
    const first = versions[0]!;
    const known = states.all.length;
    const state = states.restored({ ...specOfMeta(meta), type: typeOf(first.type), expires: first.expires });
    if (states.all.length > known) {
      for (const { type, expires } of versions.slice(1)) state.form.add(typeOf(type), expires);
      state.form.become(typeOf(versions[current]!.type), versions[current]!.expires, 0);
      state.adoptNamespaces(meta);
    }
    return state;
  });
}

/** Copies the files of a snapshot to local ones. */
export async function fetchRuns(
  handle: KeyedStateHandle,
  { runs }: Catalogue,
  target: Pick<RestoreTarget, 'directory' | 'reader'>,
): Promise<Run[]> {
  const segments = new Map(handle.segments.map((segment) => [segment.id, segment]));
  const fetched: Run[] = [];
  for (const run of runs) {
    const files: SortedFile[] = [];
    for (const id of run) files.push(await fetchFile(segments.get(id)!, target));
    fetched.push(new Run(files));
  }
  return fetched;
}

async function fetchFile(
  { bytes }: SegmentHandle,
  { directory, reader }: Pick<RestoreTarget, 'directory' | 'reader'>,
): Promise<SortedFile> {
  const { id, path } = directory.nextFile();
  const size = sizeOf(bytes);
  const fd = attempt(path, () => localStoreFiles.create(path));
  try {
    for (let at = 0; at < size; at += COPY_BYTES) {
      const piece = await reader.read(bytes, at, Math.min(size, at + COPY_BYTES));
      attempt(path, () => localStoreFiles.append(fd, piece, 0, piece.length));
    }
  } finally {
    localStoreFiles.close(fd);
  }
  return SortedFile.open(localStoreFiles, id, path);
}

function attempt<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new StateFileWriteError(path, error);
  }
}

/** Puts the entries of another store's files: their states, namespaces and versions get the numbers they have here. */
async function importRuns(handle: KeyedStateHandle, catalogue: Catalogue, target: RestoreTarget): Promise<void> {
  const runs = await fetchRuns(handle, catalogue, target);
  const states = catalogue.states.map(({ name, versions, current }) => {
    const meta = handle.states.find((candidate) => candidate.name === name)!;
    const state = target.states.restored({ ...specOfMeta(meta), type: typeOf(versions[0]!.type), expires: versions[0]!.expires });
    const versionHere = versions.map(({ type, expires }) => state.form.versionOf(typeOf(type), expires));
    state.form.become(typeOf(versions[current]!.type), versions[current]!.expires, 0);
    return { state, versionHere, serials: serialsOf(state, meta.namespaces) };
  });
  const entries = new MergedEntries(runs.map((run) => new RunSource(run, new Uint8Array(0), true)));
  while (entries.next()) {
    const of = states[stateAt(entries.source.bytes, entries.source.keyStart)];
    if (of !== undefined) importEntry(entries.source, of, target);
  }
  for (const run of runs) run.release();
}

function importEntry(
  { bytes, keyStart, keyEnd, valueStart, valueEnd, deleted }: EntrySource,
  of: { readonly state: LsmState; readonly versionHere: readonly number[]; readonly serials: ReadonlyMap<number, number> },
  { keyGroups, store }: RestoreTarget,
): void {
  const keyGroup = keyGroupAt(bytes, keyStart);
  if (deleted || keyGroup < keyGroups.first || keyGroup > keyGroups.last) return;
  const key = Buffer.from(bytes.subarray(keyStart, keyEnd));
  key[PREFIX_BYTES - 1] = of.state.id;
  if (of.state.namespaced) {
    const serial = of.serials.get(serialAt(bytes, keyStart + PREFIX_BYTES));
    if (serial === undefined) return;
    key.writeUInt32BE(serial, PREFIX_BYTES);
  }
  const value = Buffer.from(bytes.subarray(valueStart, valueEnd));
  if (value.length > 0) value[0] = of.versionHere[value[0]!]!;
  store.put(key, 0, key.length, value, 0, value.length);
}

/** The serials that namespaces have here, by those they had. */
function serialsOf(state: LsmState, namespaces: readonly { serial: number; namespace: Namespace }[] = []): Map<number, number> {
  const known = new Map(Array.from(state.namespaces, ([serial, namespace]) => [String(namespace), serial]));
  return new Map(namespaces.map(({ serial, namespace }) => [serial, known.get(String(namespace)) ?? state.addNamespace(namespace)]));
}

function typeOf(json: unknown) {
  return json === undefined ? undefined : typeFromJson(json);
}

/** Puts the entries of segments that any backend wrote. */
class SegmentImport {
  readonly #key: EntryKey;
  readonly #states = new Map<
    string,
    { readonly state: LsmState; readonly version: number; readonly serials: ReadonlyMap<number, number> }
  >();

  constructor(
    private readonly handle: KeyedStateHandle,
    private readonly target: RestoreTarget,
  ) {
    this.#key = new EntryKey(target.maxParallelism);
    for (const meta of handle.states) {
      // Timers have serials elsewhere, but no namespaces here.
      const spec = specOfMeta(meta);
      const state = target.states.restored(spec);
      const namespaces = state.namespaced ? serialsOf(state, meta.namespaces) : aliveSerials(meta.namespaces);
      this.#states.set(meta.name, { state, version: state.form.versionOf(spec.type, spec.expires), serials: namespaces });
    }
  }

  async run(): Promise<void> {
    const { keyGroups, reader } = this.target;
    const own = {
      first: Math.max(keyGroups.first, this.handle.keyGroups.first),
      last: Math.min(keyGroups.last, this.handle.keyGroups.last),
    };
    if (own.first > own.last) return;
    for (const { bytes } of this.handle.segments) {
      const segment = await SegmentReader.open(reader, bytes);
      const names = segment.states.map(({ name }) => name);
      try {
        await segment.read(own, (entry) => this.#put(names[entry.state]!, entry));
      } catch (error) {
        if (!(error instanceof CorruptDataError)) throw error;
        throw new DamagedStateError(bytes.kind === 'file' ? bytes.path : 'the metadata of a checkpoint', error.message, error);
      }
    }
  }

  #put(name: string, entry: SegmentEntry): void {
    const of = this.#states.get(name);
    if (of === undefined || (entry.serial !== 0 && !of.serials.has(entry.serial))) return;
    const { state, version, serials } = of;
    const { store, maxParallelism } = this.target;
    const serial = state.namespaced ? serials.get(entry.serial)! : 0;
    const key = this.#key.beginGroup(keyGroupOf(entry.key, maxParallelism), state.id, serial).append(entry.key);
    if (hasSubKeys(state.spec)) key.append(entry.subKey);
    const at = key.written();
    if (entry.deleted) {
      store.delete(at);
      return;
    }
    const plain = entry.value.raw(entry.value.remaining);
    const value = state.spec.kind === 'timers' ? Buffer.alloc(0) : Buffer.concat([Buffer.of(version), plain]);
    store.put(at, 0, at.length, value, 0, value.length);
  }
}

function aliveSerials(namespaces: readonly { readonly serial: number }[] = []): Map<number, number> {
  return new Map(namespaces.map(({ serial }) => [serial, serial]));
}
