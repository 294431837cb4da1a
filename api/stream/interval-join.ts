import { InvalidProgramError } from '../errors.js';
import type { OutputTag } from '../functions/functions.js';
import type { IntervalJoinSpec } from '../graph/window-spec.js';
import { durationOf, type Duration } from '../time/duration.js';
import type { ProcessJoinFunction } from '../windowing/join-functions.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';

/** Adds the operator to the program. */
type AddJoin = <O>(spec: IntervalJoinSpec) => SingleOutputStreamOperator<O>;

/** Two keyed streams that are to be joined by how near their timestamps are. Only in event time. */
export class IntervalJoin<A, B> {
  declare protected readonly types: readonly [A, B];
  readonly #add: AddJoin;

  /** Made by `KeyedStream.intervalJoin`. */
  constructor(add: AddJoin) {
    this.#add = add;
  }

  /** Accepted as in Flink: there is no other time for interval joins. */
  inEventTime(): this {
    return this;
  }

  /** Throws `InvalidProgramError` (user): interval joins go by event time. */
  inProcessingTime(): never {
    throw new InvalidProgramError('Time-bounded stream joins are only supported in event time', 'Leave out "inProcessingTime".');
  }

  /**
   * A right record joins when its timestamp is that of the left one plus `lower` to `upper`, both included.
   * @example orders.keyBy('id').intervalJoin(payments.keyBy('orderId')).between('-1 s', '5 min').process(join)
   */
  between(lower: Duration, upper: Duration): IntervalJoined<A, B> {
    return new IntervalJoined<A, B>(this.#add, signedDuration(lower), signedDuration(upper));
  }
}

/** `'-2 s'` is 2 seconds before. */
function signedDuration(duration: Duration): number {
  return typeof duration === 'string' && duration.startsWith('-') ? -durationOf(duration.slice(1)) : durationOf(duration);
}

/** An interval join whose bounds are known. Settings can be chained. */
export class IntervalJoined<A, B> {
  readonly #add: AddJoin;
  #lowerMs: number;
  #upperMs: number;
  #leftLateTag: string | undefined;
  #rightLateTag: string | undefined;

  constructor(add: AddJoin, lowerMs: number, upperMs: number) {
    this.#add = add;
    this.#lowerMs = lowerMs;
    this.#upperMs = upperMs;
  }

  lowerBoundExclusive(): this {
    this.#lowerMs++;
    return this;
  }

  upperBoundExclusive(): this {
    this.#upperMs--;
    return this;
  }

  /** Left records behind the watermark go to a side output instead of being dropped. */
  sideOutputLeftLateData(tag: OutputTag<A>): this {
    this.#leftLateTag = tag.id;
    return this;
  }

  sideOutputRightLateData(tag: OutputTag<B>): this {
    this.#rightLateTag = tag.id;
    return this;
  }

  /** Hands each pair to a function. Throws `InvalidProgramError` (user) when nothing is between the bounds. */
  process<O>(join: ProcessJoinFunction<A, B, O> | ProcessJoinFunction<A, B, O>['processElement']): SingleOutputStreamOperator<O> {
    if (this.#lowerMs > this.#upperMs) {
      throw new InvalidProgramError('lowerBound <= upperBound must be fulfilled', 'Give a lower bound that is not above the upper one.');
    }
    const given = typeof join === 'function' ? { processElement: join } : join;
    return this.#add<O>({
      lowerMs: this.#lowerMs,
      upperMs: this.#upperMs,
      leftLateTag: this.#leftLateTag,
      rightLateTag: this.#rightLateTag,
      join: given,
    });
  }
}
