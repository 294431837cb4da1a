import type { Clock, Timer } from '#core';

interface PendingTimer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #pending: PendingTimer[] = [];

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#pending.push(timer);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== timer);
      },
    };
  }

  get pendingTimers(): number {
    return this.#pending.length;
  }

  /** Moves on, calling the timers that are due in the order of their times. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let next = this.#earliest(endMs); next; next = this.#earliest(endMs)) {
      this.#nowMs = next.atMs;
      this.#pending = this.#pending.filter((other) => other !== next);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  #earliest(endMs: number): PendingTimer | undefined {
    return this.#pending.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}
