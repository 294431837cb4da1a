import type { PollStatus, Source, SourceReader, SourceReaderContext } from '#api';

/**
 * Emits the values of a list of the test, by reference, a few at a time; with several subtasks each takes its turn in the list, so that
 * the records of every key come from all of them.
 */
export class ListSource<T> implements Source<T> {
  readonly boundedness = 'bounded';
  readonly parallel = true;

  constructor(private readonly values: readonly T[]) {}

  createReader({ subtaskIndex, parallelism }: SourceReaderContext): SourceReader<T> {
    const { values } = this;
    let next = subtaskIndex;
    return {
      poll(output): PollStatus {
        for (let emitted = 0; emitted < 3 && next < values.length && !output.blocked; emitted++, next += parallelism) {
          output.emit(values[next]!);
        }
        return next < values.length ? 'more' : 'end';
      },
    };
  }
}
