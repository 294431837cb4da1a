import type { Clock, Timer } from '#core';

/** Records are let through in steps of at least this time, so that a high rate does not mean a timer for each record. */
const STEP_MS = 10;
/** What may be made up for after a pause. */
const LONGEST_BURST_MS = 1000;

/** Lets a number of records a second through, by the clock it is given; calls `wake` when there may be more. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #wake: () => void;
  #granted: number;
  #countedMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, perSecond: number, wake: () => void) {
    this.#clock = clock;
    this.#perMs = perSecond / 1000;
    this.#wake = wake;
    this.#countedMs = clock.monotonicMs();
    this.#granted = 1;
  }

  /** Answers how many of the records asked for may pass now; with 0, `wake` will be called. */
  take(wanted: number): number {
    this.#count();
    const taken = Math.min(wanted, Math.floor(this.#granted));
    this.#granted -= taken;
    if (taken === 0) this.#wakeLater();
    return taken;
  }

  /** Records that were taken but did not pass. */
  giveBack(records: number): void {
    this.#granted += records;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #count(): void {
    const now = this.#clock.monotonicMs();
    const mostGranted = Math.max(1, this.#perMs * LONGEST_BURST_MS);
    this.#granted = Math.min(mostGranted, this.#granted + (now - this.#countedMs) * this.#perMs);
    this.#countedMs = now;
  }

  #wakeLater(): void {
    const untilNextMs = (1 - this.#granted) / this.#perMs;
    this.#timer ??= this.#clock.setTimer(Math.max(STEP_MS, Math.ceil(untilNextMs)), () => {
      this.#timer = undefined;
      this.#wake();
    });
  }
}
