import type { Timer } from '#core';
import type { EmitCursor, ProcessingOperator, StageOutput } from '../chain/stage.js';
import type { StageAnswers } from '../chain/stage-checkpoints.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { FeedbackLoop } from './feedback-loop.js';

/** In how many parts the time without feedback is waited for. */
const TICKS = 4;

export interface IterationHeadOptions {
  /** ms without feedback in any subtask after which the loop ends, once its input has; 0: never. */
  readonly maxWaitMs: number;
  /** The side output for feedback; undefined: it goes where the input goes. */
  readonly feedbackTag: string | undefined;
}

/**
 * Where a loop begins.
 *
 * In:    the records of the loop's input.
 * Out:   the same, and what the loop's tails have put into the queue of this subtask, with the timestamps it has. Only the input brings
 *        watermarks: they do not go round.
 * State: none. Records on their way round are in no checkpoint.
 */
export class IterationHead implements ProcessingOperator, StageAnswers {
  readonly answers: StageAnswers = this;
  /** Parts of the time to wait that have gone by since feedback came last. */
  #quietTicks = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(
    private readonly host: OperatorHost,
    private readonly options: IterationHeadOptions,
    private readonly loop: FeedbackLoop,
  ) {}

  get full(): boolean {
    return this.loop.queue.pressed;
  }

  get ready(): boolean {
    return !this.loop.queue.empty;
  }

  process(value: unknown, timestamp: number, output: StageOutput): void {
    output.emit(value, timestamp);
  }

  emit(output: StageOutput): boolean {
    const { host, options } = this;
    const { queue } = this.loop;
    let emitted = false;
    while (!host.gate.blocked && !queue.empty) {
      const value = queue.take();
      if (options.feedbackTag === undefined) output.emit(value, queue.timestamp);
      else output.emitTo(options.feedbackTag, value, queue.timestamp);
      emitted = true;
    }
    if (emitted) this.#heard();
    return emitted;
  }

  endOfInput(output: StageOutput): EmitCursor {
    this.loop.whenEnded(() => {
      this.host.wake();
    });
    if (this.options.maxWaitMs > 0) this.#tick();
    return () => {
      this.emit(output);
      if (!this.loop.ended || !this.loop.queue.empty) return false;
      this.close();
      return true;
    };
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.loop.queue.close();
  }

  #heard(): void {
    const quiet = this.#quietTicks === TICKS;
    this.#quietTicks = 0;
    if (!quiet) return;
    this.loop.tell(false);
    this.#tick();
  }

  /** Waits one part of the time after the other: a thread that stood still meanwhile has used up one of them only. */
  #tick(): void {
    this.#timer = this.host.clock.setTimer(
      Math.ceil(this.options.maxWaitMs / TICKS),
      () => {
        if (this.#closed) return;
        this.#quietTicks++;
        if (this.#quietTicks < TICKS) this.#tick();
        else this.loop.tell(true);
      },
      { background: true },
    );
  }
}
