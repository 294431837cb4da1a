import type { RestartStrategy } from './restart-strategy.js';

/** So many times, each time after the same delay. */
export class FixedDelayRestart implements RestartStrategy {
  #failures = 0;

  constructor(
    private readonly attempts: number,
    readonly backoffMs: number,
  ) {}

  failed(): void {
    this.#failures++;
  }

  get canRestart(): boolean {
    return this.#failures <= this.attempts;
  }

  describe(): string {
    return `FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=${this.attempts}, backoffTimeMS=${this.backoffMs})`;
  }
}
