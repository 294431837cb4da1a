import { newJobId, silentLogger, systemClock, type Clock, type JobId } from '#core';
import type { FinishStep, Sink, SinkWriter, SinkWriterContext } from '#api';

export interface SinkDriverOptions {
  readonly subtaskIndex?: number;
  readonly parallelism?: number;
  readonly attempt?: number;
  readonly jobId?: JobId;
  readonly restoredCheckpointId?: number;
  readonly checkpointing?: boolean;
  readonly clock?: Clock;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly sendToClient?: SinkWriterContext['sendToClient'];
}

/** The context of a sink that runs alone, with hooks of the test. */
export function testSinkContext(
  options: SinkDriverOptions,
  hooks: Pick<SinkWriterContext, 'fail'> & Partial<SinkWriterContext>,
): SinkWriterContext {
  return {
    subtaskIndex: options.subtaskIndex ?? 0,
    parallelism: options.parallelism ?? 1,
    attempt: options.attempt ?? 0,
    jobId: options.jobId ?? newJobId(),
    restoredCheckpointId: options.restoredCheckpointId,
    checkpointing: options.checkpointing ?? false,
    clock: options.clock ?? systemClock,
    logger: silentLogger,
    configuration: options.configuration ?? {},
    signal: new AbortController().signal,
    wake: () => undefined,
    sendToClient: options.sendToClient ?? (() => Promise.resolve()),
    print: () => undefined,
    ...hooks,
  };
}

/** One subtask of a sink: its real writer, in a context that remembers what it was told. */
export class SinkSubtask<T> {
  readonly writer: SinkWriter<T>;
  readonly printed: { readonly stream: 'stdout' | 'stderr'; readonly text: string }[] = [];
  readonly failures: unknown[] = [];
  readonly abort = new AbortController();
  readonly #wakes: (() => void)[] = [];

  constructor(sink: Sink<T>, options: SinkDriverOptions = {}) {
    const context = testSinkContext(options, {
      signal: this.abort.signal,
      wake: () => {
        this.#wakeAll();
      },
      fail: (error) => {
        this.failures.push(error);
        this.#wakeAll();
      },
      print: (stream, text) => {
        this.printed.push({ stream, text });
      },
    });
    this.writer = sink.createWriter(context);
  }

  get output(): string {
    return this.printed.map(({ text }) => text).join('');
  }

  /** Writes records, waiting whenever the writer is blocked. */
  async writeAll(records: Iterable<T>): Promise<void> {
    for (const record of records) {
      if (this.writer.blocked) await this.woken(() => !this.writer.blocked);
      this.writer.write(record, Number.NEGATIVE_INFINITY);
    }
  }

  /** Ends when the condition holds; it is looked at whenever the writer wakes its task. */
  async woken(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wakes.push(resolve);
      });
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}

/** Runs one subtask of a sink from its opening to its end. */
export async function runSink<T>(
  sink: Sink<T>,
  records: Iterable<T>,
  options: SinkDriverOptions = {},
): Promise<{
  readonly steps: readonly FinishStep[];
  readonly output: string;
}> {
  const subtask = new SinkSubtask(sink, options);
  await subtask.writer.open?.();
  try {
    await subtask.writeAll(records);
    return { steps: await subtask.writer.flush(true), output: subtask.output };
  } finally {
    await subtask.writer.close();
  }
}
