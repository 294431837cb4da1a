import { expect } from 'chai';
import { systemClock } from '#core';
import { Doorbell } from '../../../runtime/exchange/doorbell.js';
import { type LoopBody, runSlotLoop } from '../../../runtime/task/slot-loop.js';

/** A body whose passes answer what a list says; it has ended with the list. */
function bodyOf(bell: Doorbell, passes: ((bell: Doorbell) => boolean)[], nextDueMs = Infinity): LoopBody & { passed: number } {
  return {
    passed: 0,
    pass() {
      this.passed++;
      return passes.shift()?.(bell) ?? false;
    },
    nextDueMs: () => nextDueMs,
    get ended() {
      return passes.length === 0;
    },
  };
}

describe('the loop of a slot', () => {
  it('goes on at once while there is progress, and lets the event loop turn in between', async () => {
    const bell = Doorbell.create();
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const body = bodyOf(
      bell,
      Array.from({ length: 10 }, () => () => true),
    );
    await runSlotLoop(body, bell, systemClock);
    counting = false;
    expect(body.passed).to.equal(10);
    expect(turns).to.be.at.least(9);
  });

  it('sleeps until somebody rings', async () => {
    const bell = Doorbell.create();
    const startMs = performance.now();
    setImmediate(() => {
      bell.ring();
    });
    await runSlotLoop(bodyOf(bell, [() => false, () => false]), bell, systemClock);
    expect(performance.now() - startMs).to.be.below(900);
  });

  it('misses no ring that comes while it looks', async () => {
    const bell = Doorbell.create();
    const startMs = performance.now();
    const ringing = (own: Doorbell): boolean => {
      own.ring();
      return false;
    };
    const body = bodyOf(bell, [ringing, ringing, ringing]);
    await runSlotLoop(body, bell, systemClock);
    expect(body.passed).to.equal(3);
    expect(performance.now() - startMs).to.be.below(900);
  });

  it('wakes up by itself when something is due', async () => {
    const bell = Doorbell.create();
    const startMs = performance.now();
    await runSlotLoop(bodyOf(bell, [() => false, () => false], startMs + 30), bell, systemClock);
    expect(performance.now() - startMs).to.be.within(25, 900);
  });

  it('ends without a pass when there is nothing to do', async () => {
    const bell = Doorbell.create();
    const body = bodyOf(bell, []);
    await runSlotLoop(body, bell, systemClock);
    expect(body.passed).to.equal(0);
  });
});
