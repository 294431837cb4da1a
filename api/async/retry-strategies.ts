import { InvalidProgramError } from '../errors.js';
import { type Duration, durationOf } from '../time/duration.js';

/** When a request is made again. The timeout counts for all attempts together. */
export interface AsyncRetryStrategy<O> {
  /** @param attempts made so far. */
  canRetry(attempts: number): boolean;
  /** ms to wait before the next attempt. @param attempts made so far. */
  backoffTimeMs(attempts: number): number;
  /** Whether results are not the ones hoped for. */
  readonly resultPredicate?: ((results: readonly O[]) => boolean) | undefined;
  /** Whether the error is worth another attempt. */
  readonly exceptionPredicate?: ((error: unknown) => boolean) | undefined;
}

export const RetryPredicates = {
  /** There are no results. */
  EMPTY_RESULT_PREDICATE: (results: readonly unknown[]): boolean => results.length === 0,
  HAS_EXCEPTION_PREDICATE: (_error: unknown): boolean => true,
} as const;

interface RetryBuilderState<O> {
  readonly resultPredicate?: (results: readonly O[]) => boolean;
  readonly exceptionPredicate?: (error: unknown) => boolean;
}

/** A strategy in the making: how long to wait is given, what to try again for follows. */
class RetryStrategyBuilder<O> {
  #predicates: RetryBuilderState<O> = {};
  readonly #maxAttempts: number;
  readonly #backoff: (attempts: number) => number;

  constructor(maxAttempts: number, backoff: (attempts: number) => number) {
    if (!(maxAttempts > 0)) {
      throw new InvalidProgramError(`maxAttempts should be greater than zero, not ${maxAttempts}`, 'Allow one at least.');
    }
    this.#maxAttempts = maxAttempts;
    this.#backoff = backoff;
  }

  ifResult(resultPredicate: (results: readonly O[]) => boolean): this {
    this.#predicates = { ...this.#predicates, resultPredicate };
    return this;
  }

  ifException(exceptionPredicate: (error: unknown) => boolean): this {
    this.#predicates = { ...this.#predicates, exceptionPredicate };
    return this;
  }

  build(): AsyncRetryStrategy<O> {
    return { ...this.#predicates, canRetry: (attempts) => attempts <= this.#maxAttempts, backoffTimeMs: this.#backoff };
  }
}

class FixedDelayRetryStrategyBuilder<O> extends RetryStrategyBuilder<O> {
  constructor(maxAttempts: number, backoff: Duration) {
    const delayMs = durationOf(backoff);
    super(maxAttempts, () => delayMs);
  }
}

class ExponentialBackoffDelayRetryStrategyBuilder<O> extends RetryStrategyBuilder<O> {
  constructor(maxAttempts: number, initialDelay: Duration, maxRetryDelay: Duration, multiplier: number) {
    const firstMs = durationOf(initialDelay);
    const longestMs = durationOf(maxRetryDelay);
    super(maxAttempts, (attempts) => Math.min(longestMs, firstMs * multiplier ** (attempts - 1)));
  }
}

/**
 * Strategies as in Flink.
 *
 * @example
 * const builder = new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<string>(3, '100 ms');
 * const threeMoreTimes = builder.ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE).build();
 */
export const AsyncRetryStrategies = { FixedDelayRetryStrategyBuilder, ExponentialBackoffDelayRetryStrategyBuilder } as const;
