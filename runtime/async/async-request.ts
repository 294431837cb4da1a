/** A record for which something outside was asked. */
export class AsyncRequest {
  /** Asked so many times. */
  attempts = 0;
  timedOut = false;
  /** Set when nothing more is waited for. */
  results: readonly unknown[] | undefined;

  constructor(
    readonly value: unknown,
    readonly timestamp: number,
    /** ms since 1970; Infinity for none. */
    readonly deadlineMs: number,
  ) {}

  get done(): boolean {
    return this.results !== undefined;
  }
}
