import { FlinkError, type Logger } from '#core';
import { InvalidProgramError } from '../errors.js';
import { durationOf, type Duration } from './duration.js';
import type { TimestampAssigner } from './timestamp-assigner.js';

/** Timestamps, and a watermark that is asked for each auto-watermark interval. Flink's interface before `WatermarkStrategy`. */
export interface AssignerWithPeriodicWatermarks<T> extends TimestampAssigner<T> {
  /** ms since 1970 UTC; null or undefined when there is none yet. */
  getCurrentWatermark(): number | null | undefined;
}

/** Timestamps, and a watermark that a record may bring along. Flink's interface before `WatermarkStrategy`. */
export interface AssignerWithPunctuatedWatermarks<T> extends TimestampAssigner<T> {
  /** Called after `extractTimestamp`, with its answer; null or undefined when the record brings no watermark. */
  checkAndGetNextWatermark(lastElement: T, extractedTimestamp: number): number | null | undefined;
}

/** A timestamp of a stream in which timestamps never fall was below the one before it. */
export class TimestampMonotonyError extends FlinkError {
  constructor(
    readonly elementTimestamp: number,
    readonly lastTimestamp: number,
  ) {
    super({
      code: 'TIMESTAMP_MONOTONY',
      message:
        'Ascending timestamps condition violated. ' +
        `Element timestamp ${elementTimestamp} is smaller than last timestamp ${lastTimestamp}`,
      action: 'Use "WatermarkStrategy.forBoundedOutOfOrderness", or another violation handler.',
      blame: 'user',
    });
  }
}

/** What becomes of a timestamp that falls. */
export interface MonotonyViolationHandler {
  handleViolation(elementTimestamp: number, lastTimestamp: number): void;
}

/** Lets falling timestamps pass. */
export class IgnoringHandler implements MonotonyViolationHandler {
  handleViolation(): void {
    // as it says
  }
}

/** Fails the job at a falling timestamp, with `TimestampMonotonyError` (user). */
export class FailingHandler implements MonotonyViolationHandler {
  handleViolation(elementTimestamp: number, lastTimestamp: number): void {
    throw new TimestampMonotonyError(elementTimestamp, lastTimestamp);
  }
}

/** Warns of falling timestamps, in the words of Flink. */
export class LoggingHandler implements MonotonyViolationHandler {
  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  handleViolation(elementTimestamp: number, lastTimestamp: number): void {
    this.logger.warn(`Timestamp monotony violated: ${elementTimestamp} < ${lastTimestamp}`);
  }
}

/** For timestamps that never fall. */
export abstract class AscendingTimestampExtractor<T> implements AssignerWithPeriodicWatermarks<T> {
  #current = Number.NEGATIVE_INFINITY;
  #handler: MonotonyViolationHandler = new IgnoringHandler();

  abstract extractAscendingTimestamp(element: T): number;

  /** What becomes of timestamps that fall nevertheless; by default they pass. */
  withViolationHandler(handler: MonotonyViolationHandler): this {
    this.#handler = handler;
    return this;
  }

  extractTimestamp(element: T): number {
    const timestamp = this.extractAscendingTimestamp(element);
    if (timestamp >= this.#current) this.#current = timestamp;
    else this.#handler.handleViolation(timestamp, this.#current);
    return timestamp;
  }

  getCurrentWatermark(): number {
    return this.#current - 1;
  }
}

/**
 * For timestamps that come late by at most a given time. The watermark is `maxTimestamp - maxOutOfOrderness`, without the 1 of newer
 * strategies.
 */
export abstract class BoundedOutOfOrdernessTimestampExtractor<T> implements AssignerWithPeriodicWatermarks<T> {
  readonly #maxOutOfOrdernessMs: number;
  #maxTimestamp = Number.NEGATIVE_INFINITY;

  constructor(maxOutOfOrderness: Duration) {
    this.#maxOutOfOrdernessMs = durationOf(maxOutOfOrderness);
    if (this.#maxOutOfOrdernessMs >= 0) return;
    throw new InvalidProgramError(
      `Tried to set the maximum allowed lateness to ${maxOutOfOrderness}. This parameter cannot be negative.`,
      'Give 0 or more.',
    );
  }

  get maxOutOfOrdernessMs(): number {
    return this.#maxOutOfOrdernessMs;
  }

  abstract extractTimestamp(element: T): number;

  /** Takes note of a timestamp that was extracted. */
  extracted(timestamp: number): void {
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
  }

  getCurrentWatermark(): number {
    return this.#maxTimestamp - this.#maxOutOfOrdernessMs;
  }
}

/** The time at which records arrive, made to never fall. */
export class IngestionTimeExtractor<T> implements AssignerWithPeriodicWatermarks<T> {
  #max = Number.NEGATIVE_INFINITY;

  /** @param now processing time, ms since 1970 UTC. */
  constructor(private readonly now: () => number = () => Date.now()) {}

  extractTimestamp(): number {
    const now = this.now();
    if (now > this.#max) this.#max = now;
    return this.#max;
  }

  getCurrentWatermark(): number {
    return this.extractTimestamp() - 1;
  }
}
