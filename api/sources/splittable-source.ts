import type { PollStatus, Source, SourceOutput, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';

/** Something that can be divided into parts that are read side by side. */
export interface SplittableCollection<T> {
  /** As many parts as asked for, some of which may be empty; the same in every slot. */
  split(parts: number): readonly Iterable<T>[];
}

/** Emits the elements of a splittable collection, each subtask those of its part. */
export class SplittableSource<T> implements Source<T> {
  readonly boundedness = 'bounded';
  readonly parallel = true;
  readonly #collection: SplittableCollection<T>;

  constructor(collection: SplittableCollection<T>) {
    this.#collection = collection;
  }

  createReader(context: SourceReaderContext): SourceReader<T> {
    const parts = this.#collection.split(context.parallelism);
    const part = parts[context.subtaskIndex];
    if (parts.length !== context.parallelism || !part) {
      throw new InvalidProgramError(
        `a collection was asked for ${context.parallelism} parts and answered ${parts.length}`,
        'Let "split" answer as many parts as it is asked for, empty ones if need be.',
      );
    }
    return new IteratorReader<T>(part[Symbol.iterator]());
  }
}

class IteratorReader<T> implements SourceReader<T> {
  readonly #iterator: Iterator<T>;

  constructor(iterator: Iterator<T>) {
    this.#iterator = iterator;
  }

  poll(output: SourceOutput<T>, maxRecords: number): PollStatus {
    for (let emitted = 0; emitted < maxRecords && !output.blocked; emitted++) {
      const next = this.#iterator.next();
      if (next.done === true) return 'end';
      output.emit(next.value);
    }
    return 'more';
  }

  close(): void {
    this.#iterator.return?.();
  }
}
