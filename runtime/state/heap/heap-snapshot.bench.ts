import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileSystems, systemClock, threadCpuNs, toFileUri, Types } from '#core';
import { ValueStateDescriptor } from '#api';
import type { KeyedStateHandle } from '../../checkpoint/handles.js';
import { sizeOf } from '../../checkpoint/handle-walk.js';
import { FileSnapshotReader } from '../../checkpoint/storage/file-snapshot-reader.js';
import { snapshotStorageOf } from '../../checkpoint/storage/snapshot-storage-of.js';
import { HeapKeyedBackend } from './heap-keyed-backend.js';

/*
 * Snapshots of records of about 100 bytes: the whole, then after 1 % of the keys changed, at random; and the restore.
 * Run: node --expose-gc dist/runtime/state/heap/heap-snapshot.bench.js [keys, by default 1000000]
 *
 * Two cores, Node 20, 1 M keys, 160 MB in memory (346 MB as objects, before the arena):
 *
 *   whole                101 MB, CPU 0.92 s, memory +50 MB, longest gap 13 ms
 *   after 1 % changed      1 MB, CPU 0.04 s
 *   restored             115 MB per CPU s
 */

const keys = Number(process.argv[2] ?? 1_000_000);
const directory = mkdtempSync(join(tmpdir(), 'heap-snapshot-'));
const storage = snapshotStorageOf(
  { exclusiveDirectory: toFileUri(directory), sharedDirectory: toFileUri(directory), memoryThresholdBytes: 1024 },
  fileSystems,
);
const request = {
  operatorId: '',
  operatorName: '',
  subtaskIndex: 0,
  keyGroups: { first: 0, last: 127 },
  maxParallelism: 128,
  clock: systemClock,
  configuration: {},
};
const RECORD = Types.object({ id: Types.long, ts: Types.long, amount: Types.double, name: Types.string });
const descriptor = new ValueStateDescriptor('state', RECORD);

function record(key: number): { id: number; ts: number; amount: number; name: string } {
  return {
    id: key,
    ts: 1_700_000_000_000 + key,
    amount: key / 7,
    name: `the name of the customer with number ${key} and what is said of it`,
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().rss;
}

async function snapshot(backend: HeapKeyedBackend, checkpointId: number, name: string): Promise<KeyedStateHandle> {
  const rssBefore = memory();
  let rssMost = rssBefore;
  const watch = setInterval(() => {
    rssMost = Math.max(rssMost, process.memoryUsage().rss);
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = threadCpuNs();
  const startMs = performance.now();
  const begun = backend.snapshot(checkpointId, { full: false });
  const syncMs = performance.now() - startMs;
  const handle = await begun.write(storage);
  const wallMs = performance.now() - startMs;
  delay.disable();
  clearInterval(watch);
  backend.confirm(checkpointId);
  const bytes = handle.segments.filter(({ fresh }) => fresh).reduce((sum, segment) => sum + sizeOf(segment.bytes), 0);
  say(
    `${name}: ${megabytes(bytes)} in ${wallMs.toFixed(0)} ms, CPU ${((threadCpuNs() - cpuBefore) / 1e6).toFixed(0)} ms, ` +
      `synchronous ${syncMs.toFixed(2)} ms, longest gap ${(delay.max / 1e6).toFixed(0)} ms, memory +${megabytes(rssMost - rssBefore)}`,
  );
  return handle;
}

try {
  const backend = new HeapKeyedBackend(request);
  const state = backend.valueState(descriptor);
  const empty = memory();
  for (let key = 0; key < keys; key++) {
    backend.setCurrentKey(key);
    state.update(record(key));
  }
  say(`${keys} keys: ${megabytes(memory() - empty)} in memory`);
  await snapshot(backend, 1, 'whole');
  for (let count = 0; count < keys / 100; count++) {
    const key = Math.floor(Math.random() * keys);
    backend.setCurrentKey(key);
    state.update(record(key));
  }
  const handle = await snapshot(backend, 2, 'after 1 % changed');
  const reader = new FileSnapshotReader(fileSystems);
  const cpuBefore = threadCpuNs();
  await HeapKeyedBackend.create({ ...request, restored: [handle], reader });
  const cpuS = (threadCpuNs() - cpuBefore) / 1e9;
  const bytes = handle.segments.reduce((sum, segment) => sum + sizeOf(segment.bytes), 0);
  say(`restored ${megabytes(bytes)} in ${cpuS.toFixed(2)} CPU s: ${megabytes(bytes / cpuS)} per CPU s`);
  await reader.close();
} finally {
  rmSync(directory, { recursive: true });
}
