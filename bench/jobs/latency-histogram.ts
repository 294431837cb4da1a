/** Longer ones count as this long. */
const MAX_MICROSECONDS = 2_000_000;

/** How often each latency occurred, by the microsecond. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(MAX_MICROSECONDS);
  count = 0;
  #maxMs = 0;

  add(ms: number): void {
    this.#counts[Math.min(MAX_MICROSECONDS - 1, Math.max(0, Math.floor(ms * 1000)))]! += 1;
    this.count++;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** In ms, as the peer names them. */
  summary(): Readonly<Record<'n' | 'p50.0' | 'p90.0' | 'p99.0' | 'p99.9' | 'max', number>> {
    const [p50, p90, p99, p999] = [0.5, 0.9, 0.99, 0.999].map((part) => this.#quantileMs(part));
    return { n: this.count, 'p50.0': p50!, 'p90.0': p90!, 'p99.0': p99!, 'p99.9': p999!, max: this.#maxMs };
  }

  #quantileMs(part: number): number {
    let seen = 0;
    for (let us = 0; us < MAX_MICROSECONDS; us++) {
      seen += this.#counts[us]!;
      if (seen >= part * this.count) return us / 1000;
    }
    return MAX_MICROSECONDS / 1000;
  }
}
