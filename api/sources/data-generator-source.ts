import type { Boundedness, Source, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import { IndexRangeReader } from './index-range-reader.js';
import { rangeOfSubtask } from './index-ranges.js';
import { RateLimit } from './rate-limit.js';

export interface DataGeneratorOptions {
  /** Records a second, over all subtasks together; by default as many as downstream takes. */
  readonly ratePerSecond?: number;
}

/**
 * Makes records out of their indexes: from 0 to the count, which is divided into contiguous ranges, one for each subtask.
 * Without a count the source is unbounded and the ranges are parts of the integers up to 2^53.
 *
 * @example
 * env.fromSource(new DataGeneratorSource((index) => ({ id: index, price: index % 100 }), 1_000_000, { ratePerSecond: 5000 }));
 */
export class DataGeneratorSource<T> implements Source<T> {
  readonly boundedness: Boundedness;
  readonly parallel = true;
  readonly #generate: (index: number) => T;
  readonly #count: number;
  readonly #ratePerSecond: number | undefined;

  constructor(generate: (index: number) => T, count?: number, options: DataGeneratorOptions = {}) {
    checkCount(count);
    checkRate(options.ratePerSecond);
    this.boundedness = count === undefined || count === Infinity ? 'unbounded' : 'bounded';
    this.#generate = generate;
    this.#count = Math.min(count ?? Infinity, Number.MAX_SAFE_INTEGER);
    this.#ratePerSecond = options.ratePerSecond;
  }

  createReader(context: SourceReaderContext): SourceReader<T> {
    const range = rangeOfSubtask(this.#count, context.subtaskIndex, context.parallelism);
    const limit =
      this.#ratePerSecond === undefined
        ? undefined
        : new RateLimit(context.clock, this.#ratePerSecond / context.parallelism, () => {
            context.wake();
          });
    return new IndexRangeReader<T>(range, this.#generate, limit);
  }
}

function checkCount(count: number | undefined): void {
  if (count === undefined || count === Infinity || (Number.isSafeInteger(count) && count >= 0)) return;
  throw new InvalidProgramError(
    `the number of generated records must be a whole number, not "${count}"`,
    'Leave it out for an endless source.',
  );
}

function checkRate(ratePerSecond: number | undefined): void {
  if (ratePerSecond === undefined || ratePerSecond > 0) return;
  throw new InvalidProgramError(`the rate per second must be greater than 0, not "${ratePerSecond}"`, 'Leave it out for no limit.');
}
