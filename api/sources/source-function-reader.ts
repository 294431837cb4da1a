import type { PollStatus, SourceOutput, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import { RecordQueue } from './record-queue.js';
import type { SourceCollector, SourceFunction } from './source-function.js';

/** Queued records above which the function is told to wait. */
const FULL_RECORDS = 1024;
/** Queued records above which a function that does not wait fails the job. */
const MOST_RECORDS = 1_000_000;

/** Runs a source function and queues what it collects. */
export class SourceFunctionReader<T> implements SourceReader<T> {
  readonly #context: SourceReaderContext;
  readonly #function: SourceFunction<T>;
  readonly #queue = new RecordQueue<T>();
  readonly #waiting: (() => void)[] = [];
  #ended = false;
  #closed = false;

  constructor(context: SourceReaderContext, source: SourceFunction<T>) {
    this.#context = context;
    this.#function = source;
  }

  open(): void {
    void this.#run();
  }

  poll(output: SourceOutput<T>, maxRecords: number): PollStatus {
    this.#queue.emit(output, maxRecords);
    if (this.#queue.length <= FULL_RECORDS / 2) this.#release();
    if (this.#queue.length > 0) return 'more';
    return this.#ended ? 'end' : 'idle';
  }

  settle(output: SourceOutput<T>): void {
    this.#queue.emitAll(output);
  }

  /** Does not wait for a function that goes on after `cancel`: what it still collects is dropped. */
  close(): void {
    this.#closed = true;
    if (!this.#ended) this.#function.cancel();
    this.#queue.clear();
    this.#release();
  }

  async #run(): Promise<void> {
    try {
      await this.#function.run(this.#collector());
    } catch (error) {
      if (!this.#closed) this.#context.fail(error);
    }
    this.#ended = true;
    this.#context.wake();
  }

  #collector(): SourceCollector<T> {
    const { subtaskIndex, parallelism, jobId, clock, logger, signal } = this.#context;
    const isFull = (): boolean => this.#queue.length >= FULL_RECORDS;
    return {
      subtaskIndex,
      parallelism,
      jobId,
      clock,
      logger,
      signal,
      collect: (value) => {
        this.#collect(value, undefined);
      },
      collectWithTimestamp: (value, timestamp) => {
        this.#collect(value, timestamp);
      },
      get full() {
        return isFull();
      },
      ready: () =>
        isFull() && !this.#closed
          ? new Promise((resolve) => {
              this.#waiting.push(resolve);
            })
          : Promise.resolve(),
    };
  }

  #collect(value: T, timestamp: number | undefined): void {
    if (this.#closed) return;
    if (this.#queue.length >= MOST_RECORDS) {
      throw new InvalidProgramError(
        `a source function collected ${MOST_RECORDS} records that downstream could not take yet`,
        'Let it wait between records: "if (collector.full) await collector.ready()".',
      );
    }
    this.#queue.push(value, timestamp);
    if (this.#queue.length === 1) this.#context.wake();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
