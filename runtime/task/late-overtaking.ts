import type { Clock } from '#core';

/** A barrier that has been sent behind records. */
export interface SentBarrier {
  /** Whether all consumers have taken it. */
  readonly taken: boolean;
  /** Lets it overtake what consumers have not taken. */
  overtake(): void;
}

/** How often a barrier that waits behind records is looked at: consumers do not ring for each segment they take. */
const LOOK_EVERY_MS = 20;

/**
 * Gives a barrier its time to come through by itself; at the end of it the barrier overtakes the records before it. Ends when all consumers
 * have taken it or it has overtaken, or `signal` is aborted.
 */
export function overtakeWhenLate(barrier: SentBarrier, deadlineMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const leftMs = deadlineMs - clock.now();
      if (signal.aborted || barrier.taken) resolve();
      else if (leftMs > 0) clock.setTimer(Math.min(LOOK_EVERY_MS, leftMs), look, { background: true });
      else {
        barrier.overtake();
        resolve();
      }
    };
    look();
  });
}
