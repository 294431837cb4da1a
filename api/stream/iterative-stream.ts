import type { TypedInfo } from '#core';
import { type Duration, durationOf } from '../time/duration.js';
import { declaredTypeOf } from '../graph/declared-type.js';
import type { Operation, StreamInput } from '../graph/operation.js';
import { closeIteration } from './close-iteration.js';
import { ConnectedIterativeStreams } from './connected-iterative-streams.js';
import type { DataStream } from './data-stream.js';
import { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';

/**
 * A stream and what is fed back to it: the head of a loop. It has the parallelism of its input.
 *
 * What is fed back comes with the timestamps it has; watermarks do not go round. Nothing is taken from the input while more is on its way
 * round than the head keeps in memory. A record on its way round is in no checkpoint.
 *
 * @example
 * const numbers = env.fromSequence(1, 100).iterate('1 s');
 * const steps = numbers.map((n) => (n % 2 === 0 ? n / 2 : 3 * n + 1));
 * numbers.closeWith(steps.filter((n) => n > 1));
 */
export class IterativeStream<T> extends SingleOutputStreamOperator<T> {
  readonly #head: Operation;
  readonly #maxWaitMs: number;

  constructor(program: StreamProgram, head: Operation, maxWaitMs: number) {
    super(program, head);
    this.#head = head;
    this.#maxWaitMs = maxWaitMs;
  }

  /**
   * Closes the loop: the records of `feedback` come again to what reads this stream. May be called more than once, with streams that come
   * of this one and have its parallelism. Answers `feedback`. Throws `InvalidProgramError` (user).
   */
  closeWith(feedback: DataStream<T>): DataStream<T> {
    closeIteration(this.program, this.#head, this.inputsOf(feedback));
    return feedback;
  }

  /** The loop for feedback of another type than the input's: what is fed back is the second of two streams. */
  withFeedbackType<F>(type?: TypedInfo<F>): ConnectedIterativeStreams<T, F> {
    return new ConnectedIterativeStreams<T, F>(this.program, this.#head, this.#maxWaitMs, type, (stream) => this.inputsOf(stream));
  }
}

/** The head of a loop over the streams; its parallelism is that of the first of them. */
export function iterationHead(
  program: StreamProgram,
  inputs: readonly StreamInput[],
  maxWait: Duration,
): [head: Operation, maxWaitMs: number] {
  const maxWaitMs = durationOf(maxWait);
  const head = program.add({ kind: 'iterationHead', maxWaitMs, feedbackTag: undefined }, 'IterationSource', [inputs]);
  head.name = `IterationSource-${head.position}`;
  head.parallelism = inputs[0]?.from.parallelism ?? head.parallelism;
  head.chaining = 'never';
  head.outputType = declaredTypeOf(inputs);
  return [head, maxWaitMs];
}
