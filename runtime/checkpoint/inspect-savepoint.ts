import type { FileSystems, ResolveOptions } from '#core';
import { bytesOf, sizeOf } from './handle-walk.js';
import type { OperatorSnapshot } from './handles.js';
import type { OperatorMetadata } from './metadata.js';
import { plainJson } from './plain-json.js';
import { type OperatorSamples, sampleOperator } from './sample-operator.js';
import { FileSnapshotReader } from './storage/file-snapshot-reader.js';
import { readMetadata } from './storage/metadata-files.js';

/** What is in a savepoint or checkpoint, for people and for scripts: plain data that JSON carries. */
export interface SavepointContents {
  readonly path: string;
  readonly checkpointId: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** ISO 8601. */
  readonly time: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly writtenBy: string;
  readonly sizeBytes: number;
  readonly operators: readonly OperatorContents[];
  /** Tasks that had finished. */
  readonly finished: readonly { readonly name: string; readonly subtasks: number; readonly parallelism: number }[];
}

export interface OperatorContents {
  readonly operatorId: string;
  readonly uid: string | null;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly sizeBytes: number;
  /** Of keyed state; entries of segments that others replace are counted, too. */
  readonly states: readonly StateContents[];
  readonly keyedEntries: number;
  readonly lists: readonly ListContents[];
}

/** `samples`: some entries, as `plainJson` shows them; absent when none were asked for. */
export interface StateContents {
  readonly name: string;
  readonly kind: string;
  readonly type: unknown;
  readonly samples?: readonly unknown[];
}

export interface ListContents {
  readonly name: string;
  readonly mode: string;
  readonly elements: number;
  readonly samples?: readonly unknown[];
}

export interface InspectOptions extends ResolveOptions {
  /** How many entries of each state are shown; by default none, and then no file of state is read. */
  readonly samples?: number;
}

/**
 * @param path a directory with `_metadata` in it, or that file.
 *
 * Throws `CheckpointNotFoundError`, `UnreadableMetadataError` (user); with samples `DamagedStateError`, `SnapshotDamagedError` and
 * `DamagedStateFileError` (external), which name the file.
 */
export async function inspectSavepoint(path: string, files: FileSystems, options?: InspectOptions): Promise<SavepointContents> {
  const { metadata, directory } = await readMetadata(path, files, options);
  const operators = await contentsOfAll(metadata.operators, options?.samples ?? 0, files);
  const { checkpointId, kind, timestampMs, jobId, jobName, writtenBy } = metadata;
  return {
    path: directory,
    checkpointId,
    kind,
    time: new Date(timestampMs).toISOString(),
    jobId,
    jobName,
    writtenBy,
    sizeBytes: operators.reduce((sum, operator) => sum + operator.sizeBytes, 0),
    operators,
    finished: metadata.finished.map(({ name, subtasks, parallelism }) => ({ name, subtasks: subtasks.size, parallelism })),
  };
}

async function contentsOfAll(operators: readonly OperatorMetadata[], samples: number, files: FileSystems): Promise<OperatorContents[]> {
  const reader = new FileSnapshotReader(files);
  try {
    const contents: OperatorContents[] = [];
    for (const operator of operators) {
      contents.push(contentsOf(operator, samples > 0 ? await sampleOperator(operator, samples, reader) : undefined));
    }
    return contents;
  } finally {
    await reader.close();
  }
}

function contentsOf(operator: OperatorMetadata, samples: OperatorSamples | undefined): OperatorContents {
  const { operatorId, uid, name, parallelism, maxParallelism, subtasks } = operator;
  const snapshots = [...subtasks.values()];
  const bytes = snapshots.flatMap(bytesOf);
  const states = new Map(snapshots.flatMap(({ keyed }) => (keyed?.states ?? []).map((state) => [state.name, state] as const)));
  return {
    operatorId,
    uid: uid ?? null,
    name,
    parallelism,
    maxParallelism,
    sizeBytes: bytes.reduce((sum, handle) => sum + sizeOf(handle), 0),
    states: [...states.values()].map((state) => ({
      name: state.name,
      kind: state.kind,
      type: state.type ?? null,
      ...shown(samples?.keyed, state.name),
    })),
    keyedEntries: snapshots.reduce((sum, { keyed }) => sum + (keyed?.segments ?? []).reduce((all, { entries }) => all + entries, 0), 0),
    lists: listsOf(snapshots).map((list) => ({ ...list, ...shown(samples?.lists, list.name) })),
  };
}

function shown(samples: ReadonlyMap<string, readonly unknown[]> | undefined, name: string): { readonly samples?: readonly unknown[] } {
  return samples === undefined ? {} : { samples: (samples.get(name) ?? []).map(plainJson) };
}

function listsOf(snapshots: readonly OperatorSnapshot[]): readonly ListContents[] {
  const lists = new Map<string, { name: string; mode: string; elements: number }>();
  for (const snapshot of snapshots) {
    for (const [name, { mode, count }] of Object.entries(snapshot.lists)) {
      const known = lists.get(name) ?? { name, mode, elements: 0 };
      lists.set(name, { ...known, elements: known.elements + count });
    }
  }
  return [...lists.values()];
}
