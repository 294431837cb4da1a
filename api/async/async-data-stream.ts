import { InvalidProgramError } from '../errors.js';
import type { DataStream } from '../stream/data-stream.js';
import type { SingleOutputStreamOperator } from '../stream/single-output-stream-operator.js';
import { type Duration, durationOf } from '../time/duration.js';
import type { AsyncFunction, AsyncMapFunction } from './async-function.js';
import type { AsyncRetryStrategy } from './retry-strategies.js';

const DEFAULT_CAPACITY = 100;

type Asked<I, O> = AsyncFunction<I, O> | AsyncMapFunction<I, O>;

/**
 * Asks something outside for each record, with several requests under way at the same time. Requests under way are part of checkpoints, by
 * their records: after a restore they are made again.
 *
 * @example AsyncDataStream.unorderedWait(users, async (user) => ({ ...user, city: await lookUp(user.zip) }), '5 s', 100)
 */
export const AsyncDataStream = {
  /**
   * Results come in the order of the records.
   * @param timeout after which a request has failed. @param capacity requests at any time; above that the stream waits.
   */
  orderedWait: <I, O>(
    stream: DataStream<I>,
    fn: Asked<I, O>,
    timeout: Duration,
    capacity: number = DEFAULT_CAPACITY,
  ): SingleOutputStreamOperator<O> => wait(stream, fn, true, timeout, capacity, undefined),

  /** Results come as soon as they are there. They do not overtake watermarks, nor do watermarks overtake them. */
  unorderedWait: <I, O>(
    stream: DataStream<I>,
    fn: Asked<I, O>,
    timeout: Duration,
    capacity: number = DEFAULT_CAPACITY,
  ): SingleOutputStreamOperator<O> => wait(stream, fn, false, timeout, capacity, undefined),

  /** As `orderedWait`, with requests made again as the strategy says. The timeout counts for all attempts together. */
  orderedWaitWithRetry: <I, O>(
    stream: DataStream<I>,
    fn: Asked<I, O>,
    timeout: Duration,
    strategy: AsyncRetryStrategy<O>,
    capacity: number = DEFAULT_CAPACITY,
  ): SingleOutputStreamOperator<O> => wait(stream, fn, true, timeout, capacity, strategy),

  unorderedWaitWithRetry: <I, O>(
    stream: DataStream<I>,
    fn: Asked<I, O>,
    timeout: Duration,
    strategy: AsyncRetryStrategy<O>,
    capacity: number = DEFAULT_CAPACITY,
  ): SingleOutputStreamOperator<O> => wait(stream, fn, false, timeout, capacity, strategy),
} as const;

function wait<I, O>(
  stream: DataStream<I>,
  asked: Asked<I, O>,
  ordered: boolean,
  timeout: Duration,
  capacity: number,
  strategy: AsyncRetryStrategy<O> | undefined,
): SingleOutputStreamOperator<O> {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new InvalidProgramError(`the capacity of asynchronous requests is ${capacity}`, 'Allow one request at least.');
  }
  const fn = typeof asked === 'function' ? singleResult(asked) : asked;
  return stream.asyncWait<O>({
    fn,
    ordered,
    timeoutMs: durationOf(timeout),
    capacity,
    retry: strategy as AsyncRetryStrategy<unknown> | undefined,
  });
}

function singleResult<I, O>(ask: AsyncMapFunction<I, O>): AsyncFunction<I, O> {
  return { asyncInvoke: async (value) => [await ask(value)] };
}
