import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { invariant } from '#core';
import { BlockCache } from './block-cache.js';
import { LsmStore } from './lsm-store.js';
import { localStoreFiles } from './store-files.js';

/*
 * Random read-modify-write of values in the store alone, without the cache of the state backend.
 *
 *   node dist/runtime/state/lsm/lsm-store.bench.js [--keys N] [--value BYTES] [--rounds N] [--operations N] [--peer DIRECTORY]
 *
 * `--peer`: a directory with node_modules/classic-level, to compare with (get synchronously, write in batches of 1,000).
 *
 * Measured on 2 cores that others kept busy (load 5 to 20), so only the ratio in a row means something. Thousands a CPU second:
 *
 * | 1,000-byte values | lsm: load | update | classic-level 3.0.0: load | update |
 * | --- | --- | --- | --- | --- |
 * | 1 M keys, memtable of 64 MB | 156 | 56, then 41 | 58 | 14, then 14 |
 * | 300,000 keys, memtable of 16 MB | 70 | 34, then 30 | 53 | 11, then 12 |
 */

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    value: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '4' },
    operations: { type: 'string', default: '1000000' },
    memtable: { type: 'string', default: '64' },
    peer: { type: 'string' },
  },
});
const KEYS = Number(values.keys);
const VALUE_BYTES = Number(values.value);
const ROUNDS = Number(values.rounds);
const OPERATIONS = Number(values.operations);

interface Engine {
  load(keys: number): void | Promise<void>;
  /** Adds one to the counter in the value of each key; answers the longest pause in ms. */
  update(operations: number): number | Promise<number>;
  sum(): number | Promise<number>;
  note(): string;
}

const key = Buffer.alloc(13);
const value = Buffer.alloc(VALUE_BYTES, 'v');

/** Two bytes of key group, one of state, and a text as key. */
function setKey(number: number): void {
  key.writeUInt16BE(number & 127, 0);
  key.write(String(1_000_000_000 + number), 3, 'latin1');
}

let seed = 1;
function random(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
  return ((seed >>> 8) & 0xffffff) * 256 + ((Math.imul(seed, 0x9e3779b1) >>> 24) & 255);
}

function ourEngine(directory: string): Engine {
  let file = 0;
  const nextFile = () => ({ id: String(++file), path: join(directory, `${file}.segment`) });
  const cache = new BlockCache(8 * 1024 * 1024);
  const store = new LsmStore({
    newFiles: { files: localStoreFiles, nextFile },
    cache,
    memtableBytes: Number(values.memtable) * 1024 * 1024,
  });
  return {
    load(keys) {
      for (let i = 0; i < keys; i++) {
        setKey(i);
        value.writeUInt32LE(0, 0);
        store.put(key, 0, key.length, value, 0, VALUE_BYTES);
      }
    },
    update(operations) {
      let longest = 0;
      for (let i = 0; i < operations; i++) {
        const start = performance.now();
        setKey(random() % KEYS);
        store.get(key);
        const { bytes, start: at } = store.found;
        value.set(bytes.subarray(at, at + VALUE_BYTES));
        value.writeUInt32LE(value.readUInt32LE(0) + 1, 0);
        store.put(key, 0, key.length, value, 0, VALUE_BYTES);
        longest = Math.max(longest, performance.now() - start);
      }
      return longest;
    },
    sum() {
      let sum = 0;
      for (const cursor = store.scan(Buffer.alloc(0)); cursor.next();) {
        const { entry } = cursor;
        sum += entry.bytes.readUInt32LE(entry.valueStart);
      }
      return sum;
    },
    note() {
      const { live, flushed, compacted } = store.fileBytes;
      const mb = (bytes: number) => Math.round(bytes / 1e6);
      return `${store.runs.length} runs, ${mb(live)} MB live, ${mb(flushed)} flushed, ${mb(compacted)} compacted`;
    },
  };
}

interface ClassicLevel {
  open(): Promise<void>;
  getSync(key: Uint8Array): Uint8Array;
  batch(operations: readonly unknown[]): Promise<void>;
  values(): AsyncIterable<Uint8Array>;
}

async function peerEngine(directory: string, peer: string): Promise<Engine> {
  const { ClassicLevel } = createRequire(join(peer, 'package.json'))('classic-level') as {
    ClassicLevel: new (path: string, options: object) => ClassicLevel;
  };
  const encoding = { keyEncoding: 'buffer', valueEncoding: 'buffer' };
  const level = new ClassicLevel(join(directory, 'level'), {
    ...encoding,
    compression: false,
    cacheSize: 8 * 1024 * 1024,
    writeBufferSize: 64 * 1024 * 1024,
  });
  await level.open();
  let waiting = new Map<string, object>();
  const write = async () => {
    const operations = [...waiting.values()];
    waiting = new Map();
    await level.batch(operations);
  };
  const put = (bytes: Buffer) => waiting.set(key.toString('latin1'), { type: 'put', key: Buffer.from(key), value: bytes });
  return {
    async load(keys) {
      for (let i = 0; i < keys; i++) {
        setKey(i);
        value.writeUInt32LE(0, 0);
        put(Buffer.from(value));
        if (waiting.size === 1000) await write();
      }
    },
    async update(operations) {
      let longest = 0;
      for (let i = 0; i < operations; i++) {
        const start = performance.now();
        setKey(random() % KEYS);
        const known = waiting.get(key.toString('latin1')) as { value: Buffer } | undefined;
        const bytes = Buffer.from(known?.value ?? level.getSync(key));
        bytes.writeUInt32LE(bytes.readUInt32LE(0) + 1, 0);
        put(bytes);
        if (waiting.size === 1000) await write();
        longest = Math.max(longest, performance.now() - start);
      }
      return longest;
    },
    async sum() {
      await write();
      let sum = 0;
      for await (const bytes of level.values()) sum += (bytes as Buffer).readUInt32LE(0);
      return sum;
    },
    note: () => '',
  };
}

async function measure(name: string, engine: Engine): Promise<void> {
  seed = 1;
  const timed = async (what: string, count: number, body: () => unknown) => {
    const [cpu, wall] = [cpuUsage(), performance.now()];
    const longest = (await body()) as number | undefined;
    const spent = cpuUsage(cpu);
    const us = spent.user + spent.system;
    const rate = `${((count / us) * 1000).toFixed(1)} k/CPU s`;
    const seconds = ((performance.now() - wall) / 1000).toFixed(1);
    stdout.write(`${name} ${what}: ${rate}, ${seconds} s, longest ${longest?.toFixed(1) ?? '-'} ms; ${engine.note()}\n`);
  };
  await timed('load', KEYS, () => engine.load(KEYS));
  for (let round = 0; round < ROUNDS; round++) await timed('update', OPERATIONS, () => engine.update(OPERATIONS));
  const sum = await engine.sum();
  invariant(sum === ROUNDS * OPERATIONS, `the values add up to ${sum}, not ${ROUNDS * OPERATIONS}`);
}

const directory = mkdtempSync(join(tmpdir(), 'lsm-bench-'));
try {
  await measure('lsm', ourEngine(directory));
  if (values.peer !== undefined) await measure('classic-level', await peerEngine(directory, values.peer));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
