import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { fileSystems, invariant, systemClock, Types } from '#core';
import { ReducingStateDescriptor, ValueStateDescriptor } from '#api';
import { FileSnapshotReader } from '../../checkpoint/storage/file-snapshot-reader.js';
import { LsmKeyedBackend } from './lsm-keyed-backend.js';
import { divideMemory } from './slot-memory.js';

/*
 * State access alone, through the states that programs use. All CPU time counts, flushes and compaction too: they run in this thread.
 *
 *   sums    1 M string keys in random order, `ReducingState` of a number
 *   values  1 M number keys, random read-modify-write of an object with a text, about 1,000 bytes each, after loading
 *
 * Measured while others kept the 2 cores busy (load 9 to 23, a random access to 64 MB took 29 to 93 ns of CPU), 256 MB of memory, CPU us an
 * event: sums 2.1 to 3.9; values, loading 22 to 23, read-modify-write 39 to 45. Not yet measured on a quiet machine.
 *
 *   node dist/runtime/state/lsm/lsm-keyed-backend.bench.js [sums|values] [--memory MB] [--rounds N] [--operations N]
 */

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    memory: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '3' },
    operations: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '1000000' },
  },
});
const KEYS = Number(options.keys);
const ROUNDS = Number(options.rounds);
const OPERATIONS = Number(options.operations);
const TEXT = 'v'.repeat(985);

let seed = 1;
/** A number below KEYS. */
function randomKey(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
  return (((seed >>> 8) & 0xffffff) * 64 + ((Math.imul(seed, 0x9e3779b1) >>> 26) & 63)) % KEYS;
}

function timed(what: string, count: number, backend: LsmKeyedBackend, body: (index: number) => void): void {
  const [cpu, wall] = [cpuUsage(), performance.now()];
  let longest = 0;
  let before = wall;
  for (let i = 0; i < count; i++) {
    body(i);
    if ((i & 63) !== 0) continue;
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }
  const { user, system } = cpuUsage(cpu);
  const us = (user + system) / count;
  const seconds = ((performance.now() - wall) / 1000).toFixed(1);
  const note = `${seconds} s, longest 64 events ${longest.toFixed(1)} ms, files ${Math.round(backend.fileBytes / 1e6)} MB`;
  stdout.write(`${what}: ${us.toFixed(2)} CPU us an event, ${(1000 / us).toFixed(0)} k/CPU s, ${note}\n`);
}

function sums(backend: LsmKeyedBackend): void {
  const state = backend.reducingState(new ReducingStateDescriptor<number>('sum', (a, b) => a + b, Types.double));
  const keys = Array.from({ length: KEYS }, (_, i) => `user-${1_000_000 + i}`);
  for (let round = 0; round < ROUNDS + 1; round++) {
    timed(round === 0 ? 'sums, new keys' : 'sums', KEYS, backend, (index) => {
      backend.setCurrentKey(round === 0 ? keys[index] : keys[randomKey()]);
      state.add(1);
    });
  }
  let sum = 0;
  for (const key of keys) {
    backend.setCurrentKey(key);
    sum += state.get() ?? 0;
  }
  invariant(sum === KEYS * (ROUNDS + 1), `the sums add up to ${sum}`);
}

function values(backend: LsmKeyedBackend): void {
  const type = Types.object({ count: Types.double, text: Types.string });
  const state = backend.valueState(new ValueStateDescriptor<{ count: number; text: string }>('value', type));
  timed('values, loading', KEYS, backend, (index) => {
    backend.setCurrentKey(index);
    state.update({ count: 0, text: TEXT });
  });
  for (let round = 0; round < ROUNDS; round++) {
    timed('values, read-modify-write', OPERATIONS, backend, () => {
      backend.setCurrentKey(randomKey());
      const { count, text } = state.value()!;
      state.update({ count: count + 1, text });
    });
  }
  let sum = 0;
  for (let key = 0; key < KEYS; key++) {
    backend.setCurrentKey(key);
    sum += state.value()!.count;
  }
  invariant(sum === ROUNDS * OPERATIONS, `the counts add up to ${sum}`);
}

async function run(body: (backend: LsmKeyedBackend) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lsm-bench-'));
  const request = {
    operatorId: '0123456789abcdef0123456789abcdef',
    operatorName: 'bench',
    subtaskIndex: 0,
    keyGroups: { first: 0, last: 127 },
    maxParallelism: 128,
    clock: systemClock,
    configuration: {},
    restored: [],
    reader: new FileSnapshotReader(fileSystems),
  };
  const memory = divideMemory(Number(options.memory) * 1024 * 1024);
  const backend = await LsmKeyedBackend.create(request, { directories: [directory], slot: 'bench', memory });
  try {
    body(backend);
  } finally {
    await backend.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const chosen = positionals.length === 0 ? ['sums', 'values'] : positionals;
if (chosen.includes('sums')) await run(sums);
if (chosen.includes('values')) await run(values);
