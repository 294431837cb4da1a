import type { RichFunction } from '../functions/runtime-context.js';
import type { AsyncRetryStrategy } from './retry-strategies.js';

/** Takes the results of one record, once: what comes after the first call, or after the timeout, is ignored. */
export interface ResultFuture<O> {
  complete(results: Iterable<O>): void;
  /** Fails the job, unless a retry strategy has it tried again. */
  completeExceptionally(error: unknown): void;
}

/** Asks something outside for each record: a database, a service. Several requests are under way at the same time. */
export interface AsyncFunction<I, O> extends RichFunction {
  /** Answers a promise of the results, or gives them to `results` later. */
  asyncInvoke(value: I, results: ResultFuture<O>): void | PromiseLike<Iterable<O>>;
  /** Called when the results have not come in time. Without it the job fails with `AsyncTimeoutError`. */
  timeout?(value: I, results: ResultFuture<O>): void;
}

/** Asks something outside for each record and promises its one result. */
export type AsyncMapFunction<I, O> = (value: I) => PromiseLike<O>;

/** What the operator of asynchronous requests is told. */
export interface AsyncWait {
  readonly fn: AsyncFunction<unknown, unknown>;
  /** Results come in the order of the records; else as they come, but never across a watermark. */
  readonly ordered: boolean;
  readonly timeoutMs: number;
  /** Requests under way, or with results that are not emitted yet, at any time. */
  readonly capacity: number;
  readonly retry: AsyncRetryStrategy<unknown> | undefined;
}
