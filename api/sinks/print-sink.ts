import type { Timer } from '#core';
import type { FinishStep, Sink, SinkWriter, SinkWriterContext } from '../connector/sink.js';
import { formatRecord } from './format-record.js';

/** Lines are printed together when they have this many characters, ... */
const BATCH_LENGTH = 16 * 1024;
/** ... or when the oldest has waited so long. */
const LONGEST_WAIT_MS = 100;

/**
 * Prints a line for each record, as `formatRecord` shows it. With several subtasks, or an identifier, the line begins
 * as in Flink: `3> `, `identifier> `, `identifier:3> `.
 */
export class PrintSink<T> implements Sink<T> {
  readonly #stream: 'stdout' | 'stderr';
  readonly #identifier: string;

  constructor(stream: 'stdout' | 'stderr', identifier = '') {
    this.#stream = stream;
    this.#identifier = identifier;
  }

  createWriter(context: SinkWriterContext): SinkWriter<T> {
    return new PrintWriter<T>(context, this.#stream, linePrefix(this.#identifier, context));
  }
}

function linePrefix(identifier: string, context: SinkWriterContext): string {
  const number = context.parallelism > 1 ? String(context.subtaskIndex + 1) : '';
  const separator = identifier !== '' && number !== '' ? ':' : '';
  const prefix = identifier + separator + number;
  return prefix === '' ? '' : `${prefix}> `;
}

class PrintWriter<T> implements SinkWriter<T> {
  readonly blocked = false;
  readonly #context: SinkWriterContext;
  readonly #stream: 'stdout' | 'stderr';
  readonly #prefix: string;
  #lines = '';
  #timer: Timer | undefined;

  constructor(context: SinkWriterContext, stream: 'stdout' | 'stderr', prefix: string) {
    this.#context = context;
    this.#stream = stream;
    this.#prefix = prefix;
  }

  write(value: T): void {
    if (this.#lines === '') this.#startWaiting();
    this.#lines += `${this.#prefix + formatRecord(value)}\n`;
    if (this.#lines.length >= BATCH_LENGTH) this.#print();
  }

  flush(): Promise<readonly FinishStep[]> {
    this.#print();
    return Promise.resolve([]);
  }

  close(): void {
    this.#print();
  }

  #startWaiting(): void {
    this.#timer ??= this.#context.clock.setTimer(
      LONGEST_WAIT_MS,
      () => {
        this.#timer = undefined;
        this.#print();
      },
      { background: true },
    );
  }

  #print(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#lines === '') return;
    const text = this.#lines;
    this.#lines = '';
    this.#context.print(this.#stream, text);
  }
}
