import type { Clock, JobId, Logger } from '#core';
import type { FinishStep, Sink, SinkWriter, SinkWriterContext } from '../connector/sink.js';

/** What a sink function learns of the record at hand. */
export interface SinkRecordContext {
  /** ms since 1970 UTC, or `NO_TIMESTAMP`. */
  readonly timestamp: number;
}

/** What a sink function learns of the place it runs in. */
export interface SinkFunctionContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly attempt: number;
  readonly jobId: JobId;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the job ends before the sink does. */
  readonly signal: AbortSignal;
}

/** Takes a record out of the program. When it answers a promise, the next record comes after that has been kept. */
export type SinkFunction<T> = (value: T, context: SinkRecordContext) => void | PromiseLike<void>;

/** A sink function with a life cycle. An object of it serves all subtasks that run in the same thread. */
export interface RichSinkFunction<T> {
  open?(context: SinkFunctionContext): void | Promise<void>;
  invoke(value: T, context: SinkRecordContext): void | PromiseLike<void>;
  close?(): void | Promise<void>;
}

/** Calls a function of the program for each record, one at a time. */
export class FunctionSink<T> implements Sink<T> {
  readonly #function: RichSinkFunction<T>;

  constructor(sink: SinkFunction<T> | RichSinkFunction<T>) {
    this.#function = typeof sink === 'function' ? { invoke: sink } : sink;
  }

  createWriter(context: SinkWriterContext): SinkWriter<T> {
    return new FunctionWriter<T>(context, this.#function);
  }

  checkpointed(): object {
    return this.#function;
  }
}

class FunctionWriter<T> implements SinkWriter<T> {
  readonly #context: SinkWriterContext;
  readonly #function: RichSinkFunction<T>;
  /** The context given to every call; only its timestamp changes. */
  readonly #record = { timestamp: 0 };
  /** Records that came while a promise was waited for: the few that were on their way. */
  readonly #waiting: { readonly value: T; readonly timestamp: number }[] = [];
  #pending: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(context: SinkWriterContext, sink: RichSinkFunction<T>) {
    this.#context = context;
    this.#function = sink;
  }

  get blocked(): boolean {
    return this.#pending !== undefined;
  }

  open(): void | Promise<void> {
    return this.#function.open?.(this.#context);
  }

  write(value: T, timestamp: number): void {
    if (this.#pending !== undefined) {
      this.#waiting.push({ value, timestamp });
      return;
    }
    const answer = this.#invoke(value, timestamp);
    if (answer) this.#pending = this.#awaitAll(answer);
  }

  async flush(): Promise<readonly FinishStep[]> {
    await this.#pending;
    if (this.#failure) throw this.#failure.error;
    return [];
  }

  close(): void | Promise<void> {
    return this.#function.close?.();
  }

  #invoke(value: T, timestamp: number): void | PromiseLike<void> {
    this.#record.timestamp = timestamp;
    return this.#function.invoke(value, this.#record);
  }

  /** Waits for the answer of one call, then takes the records that came meanwhile. */
  async #awaitAll(first: PromiseLike<void>): Promise<void> {
    try {
      await first;
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#invoke(next.value, next.timestamp);
    } catch (error) {
      this.#failure = { error };
      this.#context.fail(error);
    }
    this.#pending = undefined;
    this.#context.wake();
  }
}
