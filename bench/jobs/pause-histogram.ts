/** Upper ends of the ranges that gaps are counted by, ms. */
export const PAUSE_RANGES_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, Number.POSITIVE_INFINITY];

export interface PauseSummary {
  readonly records: number;
  readonly maxMs: number;
  /** By range. */
  readonly counts: readonly number[];
}

/** How often there was a gap of what length between two records. */
export class PauseHistogram {
  readonly #counts = PAUSE_RANGES_MS.map(() => 0);
  #records = 0;
  #maxMs = 0;

  add(ms: number): void {
    this.#records++;
    this.#maxMs = Math.max(this.#maxMs, ms);
    const range = PAUSE_RANGES_MS.findIndex((end) => ms < end);
    this.#counts[range]! += 1;
  }

  summary(): PauseSummary {
    return { records: this.#records, maxMs: this.#maxMs, counts: this.#counts };
  }
}
