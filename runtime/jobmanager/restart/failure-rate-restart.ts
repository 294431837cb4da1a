import type { Clock } from '#core';
import type { RestartStrategy } from './restart-strategy.js';

/** As long as there are no more failures within an interval than may be. */
export class FailureRateRestart implements RestartStrategy {
  /** When the latest failures were, oldest first: one more than may be within the interval. */
  #failures: readonly number[] = [];

  constructor(
    private readonly maxFailures: number,
    private readonly intervalMs: number,
    readonly backoffMs: number,
    private readonly clock: Clock,
  ) {}

  failed(): void {
    this.#failures = [...this.#failures, this.clock.monotonicMs()].slice(-(this.maxFailures + 1));
  }

  get canRestart(): boolean {
    const [first] = this.#failures;
    return first === undefined || this.#failures.length <= this.maxFailures || this.clock.monotonicMs() - first > this.intervalMs;
  }

  describe(): string {
    const settings = `failuresIntervalMS=${this.intervalMs},backoffTimeMS=${this.backoffMs},maxFailuresPerInterval=${this.maxFailures}`;
    return `FailureRateRestartBackoffTimeStrategy(${settings})`;
  }
}
