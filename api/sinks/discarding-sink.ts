import type { FinishStep, Sink, SinkWriter } from '../connector/sink.js';

/** Takes records and does nothing with them: for measuring what comes before it. */
export class DiscardingSink<T> implements Sink<T> {
  createWriter(): SinkWriter<T> {
    return new DiscardingWriter<T>();
  }
}

class DiscardingWriter<T> implements SinkWriter<T> {
  readonly blocked = false;

  write(_value: T): void {}

  flush(): Promise<readonly FinishStep[]> {
    return Promise.resolve([]);
  }

  close(): void {}
}
