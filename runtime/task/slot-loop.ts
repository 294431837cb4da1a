import type { Clock } from '#core';
import type { Doorbell } from '../exchange/doorbell.js';

/** Longest sleep of an idle slot, ms: a slot that nobody rings still looks at its tasks now and then. */
const LONGEST_SLEEP_MS = 1000;

/** What the loop of a slot drives. */
export interface LoopBody {
  /** One short pass over all tasks; answers whether any progressed. */
  pass(nowMs: number): boolean;
  /** When something is due although nobody rings, on the clock's `monotonicMs`; Infinity for never. */
  nextDueMs(): number;
  readonly ended: boolean;
}

/**
 * The loop of a slot's thread. While there is something to do it yields to the event loop after each pass, so that sockets, timers and
 * messages get their turn; else it sleeps at the doorbell. The count is read before the pass: a ring during the pass is not missed.
 */
export async function runSlotLoop(body: LoopBody, bell: Doorbell, clock: Clock): Promise<void> {
  while (!body.ended) {
    const rings = bell.rings;
    if (body.pass(clock.monotonicMs())) await yieldToEventLoop();
    else if (!body.ended) await bell.waitBeyond(rings, sleepMs(body, clock));
  }
}

function sleepMs(body: LoopBody, clock: Clock): number {
  return Math.min(LONGEST_SLEEP_MS, Math.max(0, body.nextDueMs() - clock.monotonicMs()));
}

function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
