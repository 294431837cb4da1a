import type { FinishStep, Sink, SinkWriter } from 'flink-ts';

/**
 * Holds the last record, and nothing else. With a sink that ignores its records, the compiler finds out that nobody looks at
 * them and leaves out making them: such a bench would measure less than any real program does.
 */
export class LastRecordSink<T> implements Sink<T> {
  createWriter(): SinkWriter<T> {
    return new LastRecordWriter<T>();
  }
}

class LastRecordWriter<T> implements SinkWriter<T> {
  readonly blocked = false;
  last: T | undefined;

  write(value: T): void {
    this.last = value;
  }

  flush(): Promise<readonly FinishStep[]> {
    return Promise.resolve([]);
  }

  close(): void {
    this.last = undefined;
  }
}
