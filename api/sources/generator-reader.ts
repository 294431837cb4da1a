import type { PollStatus, SourceOutput, SourceReader, SourceReaderContext } from '../connector/source.js';
import { RecordQueue } from './record-queue.js';
import type { GeneratorFunction } from './source-function.js';

/** Records drawn from the generator ahead of downstream. */
const LOOK_AHEAD = 1024;

/** Draws records from a generator, by a loop of its own that waits while enough of them are queued. */
export class GeneratorReader<T> implements SourceReader<T> {
  readonly #context: SourceReaderContext;
  readonly #generate: GeneratorFunction<T>;
  readonly #queue = new RecordQueue<T>();
  readonly #stopped = new AbortController();
  #iterator: AsyncIterator<T> | Iterator<T> | undefined;
  #goOn: (() => void) | undefined;
  #ended = false;

  constructor(context: SourceReaderContext, generate: GeneratorFunction<T>) {
    this.#context = context;
    this.#generate = generate;
  }

  open(): void {
    const signal = AbortSignal.any([this.#context.signal, this.#stopped.signal]);
    const { subtaskIndex, parallelism, jobId, clock, logger } = this.#context;
    const records = this.#generate({ subtaskIndex, parallelism, jobId, clock, logger, signal });
    this.#iterator = Symbol.asyncIterator in records ? records[Symbol.asyncIterator]() : records[Symbol.iterator]();
    this.#draw(this.#iterator).catch((error: unknown) => {
      this.#context.fail(error);
    });
  }

  poll(output: SourceOutput<T>, maxRecords: number): PollStatus {
    this.#queue.emit(output, maxRecords);
    if (this.#queue.length <= LOOK_AHEAD / 2) this.#release();
    if (this.#queue.length > 0) return 'more';
    return this.#ended ? 'end' : 'idle';
  }

  /** Lets the generator run its `finally` blocks; one that is waiting is told by its signal. */
  async close(): Promise<void> {
    this.#stopped.abort();
    this.#queue.clear();
    this.#release();
    const ended = this.#iterator?.return?.();
    if (this.#ended) await ended;
    else Promise.resolve(ended).catch(() => undefined);
  }

  async #draw(iterator: AsyncIterator<T> | Iterator<T>): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const next = await iterator.next();
      if (next.done === true) break;
      this.#queue.push(next.value);
      if (this.#queue.length === 1) this.#context.wake();
      if (this.#queue.length >= LOOK_AHEAD) {
        await new Promise<void>((resolve) => {
          this.#goOn = resolve;
        });
      }
    }
    this.#ended = true;
    this.#context.wake();
  }

  #release(): void {
    this.#goOn?.();
    this.#goOn = undefined;
  }
}
