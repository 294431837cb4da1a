import { expect } from 'chai';
import { CollectBuffer } from '../../../runtime/jobmanager/collect-buffer.js';
import { decodePlain, encodePlain } from '../../../runtime/plan/plain-values.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('CollectBuffer', () => {
  const batch = (size: number, value: number): Uint8Array => new Uint8Array(size).fill(value);
  const release = (): void => {};

  it('answers batches from a token, and again until the token moves on', async () => {
    const buffer = new CollectBuffer(100, new ManualClock());
    buffer.add(batch(1, 1), release);
    buffer.add(batch(1, 2), release);
    expect(await buffer.page(0, 0)).to.deep.equal({ batches: [batch(1, 1), batch(1, 2)], nextToken: 2, end: false });
    expect((await buffer.page(0, 0)).nextToken).to.equal(2);
    buffer.add(batch(1, 3), release);
    expect(await buffer.page(2, 0)).to.deep.equal({ batches: [batch(1, 3)], nextToken: 3, end: false });
    buffer.end();
    expect(await buffer.page(3, 1000)).to.deep.equal({ batches: [], nextToken: 3, end: true });
  });

  it('lets senders go on only while there is room', async () => {
    const buffer = new CollectBuffer(10, new ManualClock());
    const released: number[] = [];
    for (const n of [0, 1, 2]) {
      buffer.add(batch(6, n), () => {
        released.push(n);
      });
    }
    expect(released).to.deep.equal([0]);
    const { nextToken } = await buffer.page(0, 0);
    expect(released).to.deep.equal([0]);
    await buffer.page(nextToken, 0);
    expect(released).to.deep.equal([0, 1, 2]);
  });

  it('waits for something, for the end, or for as long as it may', async () => {
    const clock = new ManualClock();
    const buffer = new CollectBuffer(10, clock);
    const something = buffer.page(0, 1000);
    buffer.add(batch(1, 1), release);
    expect((await something).batches).to.have.length(1);
    const nothing = buffer.page(1, 1000);
    clock.advance(1000);
    expect(await nothing).to.deep.equal({ batches: [], nextToken: 1, end: false });
    const end = buffer.page(1, 1000);
    buffer.end();
    expect((await end).end).to.be.true;
    expect(clock.pendingTimers).to.equal(0);
  });

  it('drops what regions sent that begin again, and counts it all the same', async () => {
    const buffer = new CollectBuffer(10, new ManualClock());
    const released: number[] = [];
    for (const region of [0, 1, 0]) {
      buffer.add(encodePlain([region]), () => released.push(region), region);
    }
    const { nextToken } = await buffer.page(0, 0);
    buffer.restartRegions(new Set([1]));
    const { batches, nextToken: after } = await buffer.page(0, 0);
    expect(batches.map((records) => decodePlain(records))).to.deep.equal([[0], [], [0]]);
    expect(after).to.equal(nextToken);
    await buffer.page(after, 0);
    expect(released).to.deep.equal([0, 1, 0]);
  });

  it('cuts pages, and says that it is at the end only with the last one', async () => {
    const buffer = new CollectBuffer(1e9, new ManualClock());
    for (const n of [1, 2, 3]) buffer.add(batch(700_000, n), release);
    buffer.end();
    const first = await buffer.page(0, 0);
    expect([first.batches.length, first.end]).to.deep.equal([1, false]);
    const third = await buffer.page(2, 0);
    expect([third.batches.length, third.end]).to.deep.equal([1, true]);
  });
});
