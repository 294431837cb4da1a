import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { keyGroupOf, NO_TIMESTAMP, subtaskOfKeyGroup } from '#core';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { createRing } from '../../../runtime/exchange/ring.js';
import { recordOf, type ThreadWork } from './thread-work.js';

const COUNT = 20_000;

function start(work: ThreadWork): Promise<unknown> {
  const worker = new Worker(new URL('./slot-thread.js', import.meta.url), { workerData: work });
  return Promise.race([
    once(worker, 'message').then(([answer]: unknown[]) => answer),
    once(worker, 'error').then(([error]) => {
      throw error as Error;
    }),
  ]);
}

describe('exchange between threads', () => {
  for (const [segments, segmentBytes] of [
    [2, 256],
    [3, 1024],
    [6, 32 * 1024],
  ] as const) {
    it(`carries all records of two threads to two others, ${segments} segments of ${segmentBytes} bytes a channel`, async () => {
      const producerBells = [Doorbell.create(), Doorbell.create()];
      const consumerBells = [Doorbell.create(), Doorbell.create()];
      const rings = producerBells.map(() => consumerBells.map(() => createRing(segments, segmentBytes)));
      const common = { count: COUNT, seed: segments };
      const consumed = consumerBells.map((bell, index) =>
        start({
          ...common,
          role: 'consume',
          index,
          bell: bell.memory,
          channels: rings.map((row, producer) => ({ ring: row[index]!, peerBell: producerBells[producer]!.memory })),
        }),
      );
      const produced = producerBells.map((bell, index) =>
        start({
          ...common,
          role: 'produce',
          index,
          bell: bell.memory,
          channels: rings[index]!.map((ring, consumer) => ({ ring, peerBell: consumerBells[consumer]!.memory })),
        }),
      );
      await Promise.all(produced);
      const received = (await Promise.all(consumed)) as [{ readonly producer: number; readonly n: number }, number][][];
      received.forEach((records, consumer) => {
        for (const producer of [0, 1]) {
          const own = Array.from({ length: COUNT }, (_, n) => n).filter((n) => subtaskOfKeyGroup(keyGroupOf(n, 128), 128, 2) === consumer);
          const expected = own.map((n) => [recordOf(producer, n), n % 3 === 0 ? n : NO_TIMESTAMP]);
          expect(records.filter(([record]) => record.producer === producer)).to.deep.equal(expected);
        }
      });
    });
  }
});
