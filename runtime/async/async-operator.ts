import type { Timer } from '#core';
import type { AsyncWait, ResultFuture } from '#api';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageAnswers, StageCheckpoints } from '../chain/stage-checkpoints.js';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import { AsyncRequest } from './async-request.js';
import { Deadlines } from './deadlines.js';
import { AsyncTimeoutError } from './errors.js';
import { OrderedQueue, type ResultQueue, UnorderedQueue } from './result-queue.js';

/** As in Flink. */
const STATE = '_async_wait_operator_state_';

type StateElement = readonly [value: unknown, timestamp: number];

/**
 * Asks something outside for each record.
 *
 * In:    records; watermarks are elements of the queue, like them.
 * Out:   the results, with the timestamps of their records: in their order, or in any order between two watermarks.
 * State: the records whose results are not emitted yet; restored, they are asked for again.
 */
export class AsyncOperator implements ProcessingOperator, StageAnswers {
  readonly time: StageTime;
  readonly checkpoints: StageCheckpoints;
  readonly answers: StageAnswers = this;
  readonly #queue: ResultQueue;
  readonly #deadlines: Deadlines;
  readonly #retries = new Set<Timer>();
  #closed = false;

  constructor(
    private readonly host: OperatorHost,
    private readonly wait: AsyncWait,
  ) {
    this.#queue = wait.ordered ? new OrderedQueue() : new UnorderedQueue();
    this.#deadlines = new Deadlines(host.clock, (request) => {
      this.#timeOut(request);
    });
    this.time = this.#time();
    this.checkpoints = this.#checkpoints();
  }

  get full(): boolean {
    return this.#queue.size >= this.wait.capacity;
  }

  get ready(): boolean {
    return this.#queue.ready;
  }

  /** Asks again for what was under way. To be called when the function is open. */
  start(): void {
    for (const [value, timestamp] of this.host.operatorState.list<StateElement>(STATE, 'split').get()) this.#begin(value, timestamp);
  }

  process(value: unknown, timestamp: number, _output: StageOutput): void {
    this.#begin(value, timestamp);
    if (this.full) this.host.gate.blocked = true;
  }

  /** The results of a record go out together, so that no snapshot finds it half done. */
  emit(output: StageOutput): boolean {
    let emitted = false;
    while (!this.host.gate.blocked) {
      const next = this.#queue.take();
      if (next === undefined) return emitted;
      if (typeof next === 'number') this.host.watermarks.emitWatermark(next);
      else for (const result of next.results ?? []) output.emit(result, next.timestamp);
      emitted = true;
    }
    return emitted;
  }

  endOfInput(output: StageOutput): EmitCursor {
    return () => {
      this.emit(output);
      return this.#queue.empty;
    };
  }

  /** What still comes is ignored. */
  close(): void {
    this.#closed = true;
    this.#deadlines.close();
    for (const timer of this.#retries) timer.cancel();
  }

  #begin(value: unknown, timestamp: number): void {
    const { timeoutMs } = this.wait;
    const request = new AsyncRequest(value, timestamp, timeoutMs > 0 ? this.host.clock.now() + timeoutMs : Infinity);
    this.#queue.put(request);
    this.#deadlines.watch(request);
    this.#ask(request);
  }

  #ask(request: AsyncRequest): void {
    const future = this.#futureOf(request, ++request.attempts);
    try {
      this.wait.fn.asyncInvoke(request.value, future)?.then(
        (results) => {
          future.complete(results);
        },
        (error: unknown) => {
          future.completeExceptionally(error);
        },
      );
    } catch (error) {
      future.completeExceptionally(error);
    }
  }

  #futureOf(request: AsyncRequest, attempt: number): ResultFuture<unknown> {
    const isLate = (): boolean => this.#closed || request.done || request.attempts !== attempt;
    return {
      complete: (results) => {
        if (!isLate()) {
          this.#orFail(() => {
            this.#complete(request, [...results]);
          });
        }
      },
      completeExceptionally: (error) => {
        if (!isLate()) {
          this.#orFail(() => {
            this.#completeExceptionally(request, error);
          });
        }
      },
    };
  }

  #complete(request: AsyncRequest, results: readonly unknown[]): void {
    if (this.wait.retry?.resultPredicate?.(results) === true && this.#mayRetry(request)) {
      this.#retry(request);
      return;
    }
    request.results = results;
    this.#queue.completed(request);
    if (this.#queue.ready) this.host.wake();
  }

  #completeExceptionally(request: AsyncRequest, error: unknown): void {
    if (this.wait.retry?.exceptionPredicate?.(error) !== true || !this.#mayRetry(request)) throw error;
    this.#retry(request);
  }

  /** Nobody else sees what goes wrong in a callback. */
  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.host.fail(error);
    }
  }

  #mayRetry(request: AsyncRequest): boolean {
    return !request.timedOut && this.wait.retry?.canRetry(request.attempts) === true;
  }

  #retry(request: AsyncRequest): void {
    const timer = this.host.clock.setTimer(
      this.wait.retry?.backoffTimeMs(request.attempts) ?? 0,
      () => {
        this.#retries.delete(timer);
        if (!request.timedOut) this.#ask(request);
      },
      { background: true },
    );
    this.#retries.add(timer);
  }

  #timeOut(request: AsyncRequest): void {
    const { fn, timeoutMs } = this.wait;
    request.timedOut = true;
    const future = this.#futureOf(request, request.attempts);
    if (fn.timeout === undefined) future.completeExceptionally(new AsyncTimeoutError(timeoutMs));
    else {
      try {
        fn.timeout(request.value, future);
      } catch (error) {
        future.completeExceptionally(error);
      }
    }
  }

  #time(): StageTime {
    const { watermarks } = this.host;
    return {
      passesWatermarks: false,
      nextProcessingTimeMs: Infinity,
      onProcessingTime: () => undefined,
      advance: (watermark) => {
        if (this.#queue.empty) watermarks.emitWatermark(watermark);
        else this.#queue.putWatermark(watermark);
        return undefined;
      },
      onIdle: (idle) => {
        watermarks.setIdle(idle);
      },
    };
  }

  #checkpoints(): StageCheckpoints {
    return {
      snapshotsBesideRecords: false,
      needsFinalCheckpoint: false,
      snapshot: () => {
        const elements = Array.from(this.#queue.requests(), ({ value, timestamp }): StateElement => [value, timestamp]);
        this.host.operatorState.list<StateElement>(STATE, 'split').update(elements);
      },
      completed: () => undefined,
      aborted: () => undefined,
      finish: () => Promise.resolve([]),
    };
  }
}
