import { keyGroupRange } from '#core';
import type { ListStatePart, OperatorRestore, OperatorSnapshot } from '../checkpoint/handles.js';
import type { SnapshotReader, SnapshotStorage, SnapshotStream } from '../state/snapshot-storage.js';

/** Keeps the bytes of snapshots in their handles. */
export const memorySnapshots: SnapshotStorage = {
  createStream: (): SnapshotStream => {
    const chunks: Uint8Array[] = [];
    let position = 0;
    return {
      write: (bytes) => {
        chunks.push(bytes.slice());
        position += bytes.length;
        return undefined;
      },
      get position() {
        return position;
      },
      close: () => Promise.resolve({ kind: 'inline', bytes: Buffer.concat(chunks) }),
      abort: () => Promise.resolve(),
    };
  },
};

export const memoryReader: SnapshotReader = {
  read: (handle, from, to) => {
    if (handle.kind === 'inline') return Promise.resolve(handle.bytes.subarray(from, to));
    return Promise.reject(new TypeError(`"${handle.path}" is not in memory`));
  },
};

/** Which of `parallelism` subtasks is restored. */
export interface RestoredPlace {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
}

/** What one subtask gets of the snapshots of all former ones. */
export function restoreOf(snapshots: readonly OperatorSnapshot[], place: RestoredPlace): OperatorRestore {
  const own = keyGroupRange(place.subtaskIndex, place.maxParallelism, place.parallelism);
  const keyed = snapshots.flatMap(({ keyed: handle }) => handle ?? []);
  const names = new Set(snapshots.flatMap(({ lists }) => Object.keys(lists)));
  return {
    keyed: keyed.filter(({ keyGroups }) => keyGroups.first <= own.last && own.first <= keyGroups.last),
    lists: Object.fromEntries(Array.from(names, (name) => [name, partsOf(snapshots, name, place)])),
  };
}

function partsOf(snapshots: readonly OperatorSnapshot[], name: string, { subtaskIndex, parallelism }: RestoredPlace): ListStatePart[] {
  const whole = snapshots.flatMap(({ lists }) => lists[name] ?? []).map((handle) => ({ handle, from: 0, to: handle.count }));
  const mode = whole[0]?.handle.mode;
  if (mode === 'union') return whole;
  if (mode === 'broadcast') return whole.slice(0, 1);
  const total = whole.reduce((sum, { to }) => sum + to, 0);
  const first = Math.floor((total * subtaskIndex) / parallelism);
  const last = Math.floor((total * (subtaskIndex + 1)) / parallelism);
  let before = 0;
  return whole.flatMap(({ handle, to }) => {
    const part = { handle, from: Math.max(0, first - before), to: Math.min(to, last - before) };
    before += to;
    return part.from < part.to ? [part] : [];
  });
}
