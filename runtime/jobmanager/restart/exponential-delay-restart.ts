import type { Clock, Random } from '#core';
import type { RestartStrategy } from './restart-strategy.js';

export interface ExponentialDelaySettings {
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly multiplier: number;
  readonly resetThresholdMs: number;
  readonly jitterFactor: number;
  /** Restarts before the job is given up, counted since the last quiet time. */
  readonly attempts: number;
}

/** The delay grows with each failure up to a limit, and is the initial one again after a time without any; varied by chance. */
export class ExponentialDelayRestart implements RestartStrategy {
  #nextMs: number;
  #backoffMs = 0;
  #failures = 0;
  /** When the job that failed last was to begin again. */
  #begunMs: number | undefined;

  constructor(
    private readonly settings: ExponentialDelaySettings,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.#nextMs = settings.initialBackoffMs;
  }

  failed(): void {
    const { initialBackoffMs, maxBackoffMs, multiplier, resetThresholdMs, jitterFactor } = this.settings;
    const nowMs = this.clock.monotonicMs();
    if (this.#begunMs !== undefined && nowMs - this.#begunMs >= resetThresholdMs) {
      this.#nextMs = initialBackoffMs;
      this.#failures = 0;
    }
    this.#failures++;
    const spread = this.#nextMs * jitterFactor;
    const varied = this.#nextMs + (this.random.next() * 2 - 1) * spread;
    this.#backoffMs = Math.round(Math.min(maxBackoffMs, Math.max(initialBackoffMs, varied)));
    this.#nextMs = Math.min(maxBackoffMs, this.#nextMs * multiplier);
    this.#begunMs = nowMs + this.#backoffMs;
  }

  get canRestart(): boolean {
    return this.#failures <= this.settings.attempts;
  }
  get backoffMs(): number {
    return this.#backoffMs;
  }

  describe(): string {
    const { initialBackoffMs, maxBackoffMs, multiplier, resetThresholdMs, jitterFactor } = this.settings;
    return (
      `ExponentialDelayRestartBackoffTimeStrategy(initialBackoffMS=${initialBackoffMs}, maxBackoffMS=${maxBackoffMs}, ` +
      `backoffMultiplier=${multiplier}, resetBackoffThresholdMS=${resetThresholdMs}, jitterFactor=${jitterFactor}, ` +
      `currentBackoffMS=${this.#backoffMs})`
    );
  }
}
