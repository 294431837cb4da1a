import { threadCpuNs } from '../cpu-time.js';
import { invariant } from '../errors.js';
import { Types } from '../types/types.js';
import type { TypeInfo } from '../types/type-info.js';
import { inferType } from '../types/widen-type.js';
import { type RowCodec, WriteResult } from './row-codec.js';
import { rowCodec } from './row-codec-generator.js';
import { Segment } from './segment.js';

/*
 * CPU ns of one thread to encode a record into 32 KiB segments, and to decode it to an object. Decoding repeats warm segments.
 * Run: node dist/core/codec/row-codec.bench.js
 */

const SEGMENT_BYTES = 32 * 1024;
const RECORDS = 65_536;
const ROUNDS = 20;
const gate = { blocked: false };

let state = 123_456_789;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}

function text(wide: boolean): string {
  const units = Array.from({ length: 14 + (random() % 12) }, (_, i) =>
    wide && i % 5 === 0 ? 0x4e00 + (random() % 5000) : 97 + (random() % 26),
  );
  return Buffer.from(String.fromCharCode(...units)).toString();
}

function order(i: number, wide = false): Record<string, unknown> {
  return { id: random() * 1000, ts: 1_700_000_000_000 + i, price: random() / 7, a: text(wide), b: text(wide), c: text(wide) };
}

const ORDER = Types.object({ id: Types.long, ts: Types.long, price: Types.double, a: Types.string, b: Types.string, c: Types.string });
const SMALL = Types.object({ key: Types.int, id: Types.long, ts: Types.long });

interface Case {
  readonly name: string;
  readonly type: TypeInfo;
  readonly guard: 'declared' | 'inferred';
  readonly record: (i: number) => unknown;
}

const small = (i: number): unknown => ({ key: random() % 1000, id: random() * 1000, ts: 1_700_000_000_000 + i });
const CASES: readonly Case[] = [
  { name: 'order, 6 fields, declared', type: ORDER, guard: 'declared', record: (i) => order(i) },
  { name: 'order, 6 fields, inferred', type: inferType([order(1), order(2)]), guard: 'inferred', record: (i) => order(i) },
  { name: 'order with 20 % CJK, declared', type: ORDER, guard: 'declared', record: (i) => order(i, true) },
  { name: '{int, long, long}, declared', type: SMALL, guard: 'declared', record: small },
  { name: '{int, long, long}, inferred', type: SMALL, guard: 'inferred', record: small },
  {
    name: '[string, int], declared',
    type: Types.tuple(Types.string, Types.int),
    guard: 'declared',
    record: (i) => [text(false).slice(0, 6), i],
  },
  { name: 'text line', type: Types.string, guard: 'declared', record: () => text(false) + text(false) + text(false) },
];

function encode(codec: RowCodec, records: readonly unknown[], segments: readonly Segment[]): () => number {
  const writer = codec.newWriter(0);
  return () => {
    let used = 0;
    writer.attach(segments[used]!);
    for (let i = 0; i < records.length; i++) {
      if (writer.write(records[i], i) !== WriteResult.written) {
        writer.finish();
        writer.attach(segments[++used]!);
        invariant(writer.write(records[i], i) === WriteResult.written, 'a record of the bench fits an empty segment');
      }
    }
    writer.finish();
    return used + 1;
  };
}

function cpuNsPerRecord(run: () => void, recordsPerRun: number, rounds: number): number {
  for (let i = 0; i < rounds / 2; i++) run();
  const start = threadCpuNs();
  for (let i = 0; i < rounds; i++) run();
  return (threadCpuNs() - start) / rounds / recordsPerRun;
}

function measure({ name, type, guard, record }: Case): void {
  const codec = rowCodec(type, { timestamps: true, guard });
  const records = Array.from({ length: RECORDS }, (_, i) => record(i));
  const segments = Array.from({ length: 400 }, () => new Segment(new SharedArrayBuffer(SEGMENT_BYTES), 0, SEGMENT_BYTES));
  const encodeAll = encode(codec, records, segments);
  const used = encodeAll();
  const bytes = segments.slice(0, used).reduce((sum, segment) => sum + segment.byteLength, 0);
  const encodeNs = cpuNsPerRecord(encodeAll, RECORDS, ROUNDS);
  const checked = check(codec, segments.slice(0, used), records);
  const reader = codec.newReader();
  let sum = 0;
  const kept: unknown[] = [0, 0, 0, 0];
  // The record is kept for a moment: else the engine finds out that it need not be made at all.
  const consume = (value: unknown, timestamp: number): void => {
    sum += timestamp;
    kept[timestamp & 3] = value;
  };
  const rows = segments[0]!.rowCount;
  const decodeNs = cpuNsPerRecord(() => reader.read(segments[0]!, 0, consume, gate), rows, Math.ceil(2_000_000 / rows));
  invariant(sum > 0 && kept[0] !== 0 && checked === RECORDS, 'every record came back');
  const fill = Math.round((bytes / used / SEGMENT_BYTES) * 100);
  const line = [
    name.padEnd(32),
    encodeNs.toFixed(0).padStart(6),
    decodeNs.toFixed(0).padStart(6),
    (bytes / RECORDS).toFixed(0).padStart(6),
    `${fill} %`,
  ];
  process.stdout.write(`${line.join('  ')}\n`);
}

/** Reads everything once and compares it; answers how many records were equal. */
function check(codec: RowCodec, segments: readonly Segment[], records: readonly unknown[]): number {
  const reader = codec.newReader();
  let next = 0;
  let equal = 0;
  for (const segment of segments) {
    reader.read(segment, 0, (value) => void (equal += JSON.stringify(value) === JSON.stringify(records[next++]) ? 1 : 0), gate);
  }
  return equal;
}

process.stdout.write(`${'CPU ns a record'.padEnd(32)}  encode  decode   bytes  fill\n`);
for (const one of CASES) measure(one);
