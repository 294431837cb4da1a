import type { RestartStrategy } from './restart-strategy.js';

/** The first failure ends the job. */
export class NoRestart implements RestartStrategy {
  readonly canRestart = false;
  readonly backoffMs = 0;

  failed(): void {}

  describe(): string {
    return 'NoRestartBackoffTimeStrategy';
  }
}
