import { expect } from 'chai';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';

describe('doorbell', () => {
  // Waiting holds nothing alive.
  let alive: NodeJS.Timeout;
  before(() => {
    alive = setInterval(() => {}, 60_000);
  });
  after(() => {
    clearInterval(alive);
  });

  it('does not wait when it rang since', async () => {
    const bell = Doorbell.create();
    const seen = bell.rings;
    bell.ring();
    await bell.waitBeyond(seen, Number.POSITIVE_INFINITY);
    expect(bell.rings).to.equal(seen + 1);
  });

  it('wakes by a ring, be it of this thread', async () => {
    const bell = Doorbell.create();
    const woken = bell.waitBeyond(bell.rings, Number.POSITIVE_INFINITY);
    bell.ring();
    await woken;
  });

  it('wakes after the timeout', async () => {
    const bell = Doorbell.create();
    const start = performance.now();
    await bell.waitBeyond(bell.rings, 20);
    expect(performance.now() - start).to.be.within(18, 5000);
  });

  it('takes no memory for waits that ended early', async () => {
    const bell = Doorbell.create();
    const waits = async (): Promise<number> => {
      for (let i = 0; i < 50_000; i++) {
        const woken = bell.waitBeyond(bell.rings, 3_600_000);
        bell.ring();
        await woken;
      }
      return process.memoryUsage.rss();
    };
    const first = await waits();
    expect((await waits()) - first).to.be.lessThan(10_000_000);
  });
});
