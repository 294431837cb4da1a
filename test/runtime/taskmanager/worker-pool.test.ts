import { expect } from 'chai';
import { WorkerPool } from '../../../runtime/taskmanager/worker-pool.js';
import { ManualClock } from '../../support/manual-clock.js';
import { until } from '../../support/until.js';

const NOBODY = { onReport: () => undefined, onExit: () => undefined };
const LATER_MS = 5000;

describe('WorkerPool', () => {
  it('keeps a thread ready for a slot that is free, and none while all are taken', async () => {
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const clock = new ManualClock();
    const setup = { module: new URL('./counted-slot-thread.js', import.meta.url).href, data: begun.buffer };
    const pool = new WorkerPool({ warm: 1, slots: 2, maxHeapMb: 64, clock, setup });
    await until(() => begun[0] === 1);
    const first = pool.take(NOBODY, 1);
    clock.advance(LATER_MS);
    await until(() => begun[0] === 2);
    const second = pool.take(NOBODY, 1);
    clock.advance(LATER_MS);
    await first.terminate();
    clock.advance(LATER_MS);
    await until(() => begun[0]! > 2);
    await Promise.all([second.terminate(), pool.close()]);
    expect(begun[0], 'one in its place, and none before').to.equal(3);
  });
});
