import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant, NO_TIMESTAMP, SeededRandom, Types, type TypeInfo } from '#core';
import type { ChannelEnd } from '../task/deployment.js';
import { Doorbell } from './doorbell.js';
import { InputGate } from './input-gate.js';
import { ResultPartition } from './result-partition.js';

/** A slot of `exchange.bench.ts`: a thread that only produces, or only consumes. */
export interface BenchSlot {
  readonly role: 'producer' | 'consumer';
  readonly index: number;
  readonly bell: SharedArrayBuffer;
  readonly channels: readonly ChannelEnd[];
  readonly declared: boolean;
}

/** What a slot sent or took in a round; the sums of both sides must be equal. */
export interface BenchResult {
  readonly role: BenchSlot['role'];
  readonly records: number;
  readonly bytes: number;
  readonly checksum: number;
}

interface Order {
  readonly id: number;
  readonly ts: number;
  readonly price: number;
  readonly customer: string;
  readonly item: string;
  readonly address: string;
}

const ORDER: TypeInfo = Types.object({
  id: Types.long,
  ts: Types.long,
  price: Types.double,
  customer: Types.string,
  item: Types.string,
  address: Types.string,
});
/** Distinct records of a producer; a power of two. */
const DISTINCT = 32_768;
/** Records emitted, and segments taken, between two turns of the event loop. */
const RECORDS_A_TURN = 8192;
const SEGMENTS_A_TURN = 32;
const FOREVER = Number.POSITIVE_INFINITY;

invariant(parentPort !== null, 'a bench slot is started by the bench');
const port = parentPort;
const slot = workerData as BenchSlot;
const bell = new Doorbell(slot.bell);
const type = slot.declared ? ORDER : undefined;

function orders(): readonly Order[] {
  const random = new SeededRandom(slot.index + 1);
  const text = (): string => Buffer.from(Array.from({ length: 14 + random.nextInt(12) }, () => 97 + random.nextInt(26))).toString('latin1');
  return Array.from({ length: DISTINCT }, (_, i) => ({
    id: random.nextInt(2 ** 32) * 1000 + i,
    ts: 1_700_000_000_000 + i,
    price: random.next() * 1e9,
    customer: text(),
    item: text(),
    address: text(),
  }));
}

/** Touches all fields; small enough that sums stay exact. */
function checksumOf(order: Order): number {
  return (
    (order.id & 1023) + (order.ts & 1023) + (order.price & 1023) + order.customer.length + 3 * order.item.length + 5 * order.address.length
  );
}

function producer(): (records: number) => Promise<BenchResult> {
  const all = orders();
  const checksums = all.map(checksumOf);
  const partition = new ResultPartition({
    operatorName: 'Source',
    subtaskIndex: slot.index,
    channels: slot.channels,
    maxParallelism: 128,
    bufferTimeoutMs: 100,
    type,
    partitioning: { kind: 'hash', key: { select: (value) => (value as Order).id, field: 'id' } },
  });
  return async (records) => {
    const bytesBefore = partition.bytesOut;
    for (let sent = 0; sent < records || partition.overdraftSegments > 0;) {
      const seen = bell.rings;
      if (partition.blocked && !partition.drain()) {
        await bell.waitBeyond(seen, FOREVER);
        continue;
      }
      const end = Math.min(records, sent + RECORDS_A_TURN);
      while (sent < end && !partition.blocked) partition.emit(all[sent++ & (DISTINCT - 1)], NO_TIMESTAMP);
      if (sent === records && !partition.blocked) break;
      partition.flushDue(performance.now());
      await nextTurn();
    }
    partition.broadcastEvent({ kind: 'watermark', timestamp: records });
    for (let seen = bell.rings; partition.overdraftSegments > 0; seen = bell.rings) {
      if (!partition.drain()) await bell.waitBeyond(seen, FOREVER);
    }
    let checksum = 0;
    for (let i = 0; i < records; i++) checksum += checksums[i & (DISTINCT - 1)]!;
    return { role: 'producer', records, bytes: partition.bytesOut - bytesBefore, checksum };
  };
}

/** A round ends with a watermark on every channel. */
function consumer(): () => Promise<BenchResult> {
  let records = 0;
  let checksum = 0;
  let ends = 0;
  const gate = { blocked: false };
  const input = new InputGate({
    channels: slot.channels,
    type,
    onEvent: () => {
      ends++;
    },
  });
  const consume = (value: unknown): void => {
    records++;
    checksum += checksumOf(value as Order);
  };
  return async () => {
    const bytesBefore = input.bytesIn;
    records = checksum = 0;
    for (ends = 0; ends < input.channelCount;) {
      const seen = bell.rings;
      if (input.poll(consume, gate, SEGMENTS_A_TURN)) await nextTurn();
      else await bell.waitBeyond(seen, FOREVER);
    }
    return { role: 'consumer', records, bytes: input.bytesIn - bytesBefore, checksum };
  };
}

const run = slot.role === 'producer' ? producer() : consumer();
port.on('message', (records: number | 'end') => {
  if (records === 'end') port.close();
  else void run(records).then((result) => port.postMessage(result));
});
port.postMessage('ready');
