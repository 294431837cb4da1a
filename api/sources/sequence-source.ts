import type { Source, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import { IndexRangeReader } from './index-range-reader.js';
import { rangeOfSubtask } from './index-ranges.js';

/** Emits the integers from `from` to `to`, both included, each subtask a contiguous part in order. */
export class SequenceSource implements Source<number> {
  readonly boundedness = 'bounded';
  readonly parallel = true;
  readonly #from: number;
  readonly #count: number;

  constructor(from: number, to: number) {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
      throw new InvalidProgramError(`a sequence goes from integer to integer, not from "${from}" to "${to}"`, 'Give two safe integers.');
    }
    if (from > to) {
      throw new InvalidProgramError(
        `Start of sequence must not be greater than the end: "${from}" is greater than "${to}"`,
        'Give the smaller number first.',
      );
    }
    this.#from = from;
    this.#count = to - from + 1;
  }

  createReader(context: SourceReaderContext): SourceReader<number> {
    const first = this.#from;
    return new IndexRangeReader<number>(rangeOfSubtask(this.#count, context.subtaskIndex, context.parallelism), (index) => first + index);
  }
}
