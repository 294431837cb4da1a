import type { Source, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import { IndexRangeReader } from './index-range-reader.js';
import { rangeOfSubtask } from './index-ranges.js';

/**
 * Emits the elements of a list. They are shipped with the job, so every slot reads what the program had at submission.
 * With several subtasks each reads a contiguous part.
 */
export class CollectionSource<T> implements Source<T> {
  readonly boundedness = 'bounded';
  readonly parallel: boolean;
  #elements: readonly T[];

  /** @param parallel whether the elements may be divided between several subtasks. */
  constructor(elements: Iterable<T>, parallel = false) {
    this.#elements = [...elements];
    this.parallel = parallel;
    if (this.#elements.some((element) => element === null || element === undefined)) {
      throw new InvalidProgramError('Collection contains a null element', 'Leave out the elements that are null or undefined.');
    }
  }

  createReader(context: SourceReaderContext): SourceReader<T> {
    const elements = this.#elements;
    const range = rangeOfSubtask(elements.length, context.subtaskIndex, context.parallelism);
    return new IndexRangeReader<T>(range, (index) => elements[index]!);
  }

  shipped(): readonly unknown[] {
    return this.#elements;
  }

  adoptShipped(values: readonly unknown[]): void {
    this.#elements = values as readonly T[];
  }
}
