/** Decides whether and when a job that failed begins again. The words and rules are Flink's. */
export interface RestartStrategy {
  /** The job failed. */
  failed(): void;
  readonly canRestart: boolean;
  /** ms from the failure to the next attempt. */
  readonly backoffMs: number;
  /** As Flink shows it: name and settings. */
  describe(): string;
}
