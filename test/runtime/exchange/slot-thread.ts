import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { NO_TIMESTAMP, SeededRandom } from '#core';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { InputGate } from '../../../runtime/exchange/input-gate.js';
import { ResultPartition } from '../../../runtime/exchange/result-partition.js';
import { recordOf, type ThreadWork } from './thread-work.js';

const work = workerData as ThreadWork;
const bell = new Doorbell(work.bell);
const random = new SeededRandom(work.seed);

async function produce(): Promise<void> {
  const partition = new ResultPartition({
    operatorName: 'Map',
    subtaskIndex: work.index,
    type: undefined,
    channels: work.channels,
    maxParallelism: 128,
    bufferTimeoutMs: -1,
    partitioning: { kind: 'hash', key: { select: (value) => (value as { readonly n: number }).n, field: 'n' } },
  });
  for (let n = 0; n < work.count || partition.blocked;) {
    const seen = bell.rings;
    if (partition.blocked && !partition.drain()) {
      await bell.waitBeyond(seen, 60_000);
      continue;
    }
    if (partition.blocked) continue;
    // A call of the user's function that emits many records, whatever the room.
    for (const end = Math.min(work.count, n + random.nextInt(400)); n < end; n++) {
      partition.emit(recordOf(work.index, n), n % 3 === 0 ? n : NO_TIMESTAMP);
    }
    if (random.nextInt(10) === 0) partition.flush();
    if (random.nextInt(20) === 0) await nextTurn();
  }
  partition.broadcastEvent({ kind: 'endOfInput' });
  for (let seen = bell.rings; partition.overdraftSegments > 0; seen = bell.rings) {
    if (!partition.drain()) await bell.waitBeyond(seen, 60_000);
  }
}

async function consume(): Promise<unknown[]> {
  const records: unknown[] = [];
  const gate = { blocked: false };
  const input = new InputGate({ channels: work.channels, type: undefined, onEvent: () => {} });
  const take = (value: unknown, timestamp: number): void => {
    records.push([value, timestamp]);
    gate.blocked = random.nextInt(30) === 0;
  };
  while (!input.finished) {
    const seen = bell.rings;
    gate.blocked = false;
    if (!input.poll(take, gate, 4)) await bell.waitBeyond(seen, 60_000);
    else if (random.nextInt(5) === 0) await nextTurn();
  }
  return records;
}

// The worker stays alive while it sleeps at its bell.
const keepAlive = setInterval(() => {}, 60_000);
parentPort!.postMessage(work.role === 'produce' ? await produce() : await consume());
clearInterval(keepAlive);
