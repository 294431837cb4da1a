import type { Clock, Timer } from '#core';

interface SetTimer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<SetTimer>();

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** When the next timer is due; Infinity for never. */
  get nextTimerMs(): number {
    let next = Infinity;
    for (const { atMs } of this.#timers) next = Math.min(next, atMs);
    return next;
  }

  /** Goes on to a time and calls the timers that are due by then, in the order of their times. */
  goTo(timeMs: number): void {
    for (let nextMs = this.nextTimerMs; nextMs <= timeMs; nextMs = this.nextTimerMs) {
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      for (const timer of this.#timers) {
        if (timer.atMs > nextMs) continue;
        this.#timers.delete(timer);
        timer.callback();
      }
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs);
  }
}
