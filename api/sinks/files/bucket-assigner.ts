import { DatePattern } from './date-pattern.js';

/** What an assigner learns of the record at hand. */
export interface BucketContext {
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
  /** ms since 1970 UTC, or `NO_TIMESTAMP`. */
  readonly timestamp: number;
}

/** Says in which bucket a record goes. Called for each record, so it must be fast. */
export interface BucketAssigner<T> {
  /** A relative path; empty for the base path itself. */
  getBucketId(value: T, context: BucketContext): string;
}

/** All files lie in the base path. */
export class BasePathBucketAssigner<T> implements BucketAssigner<T> {
  getBucketId(): string {
    return '';
  }
}

/** A bucket for each hour, or what else the pattern tells apart, of processing time. */
export class DateTimeBucketAssigner<T> implements BucketAssigner<T> {
  readonly #pattern: DatePattern;

  /**
   * Throws `InvalidProgramError` (user) for a pattern or a time zone that is unknown.
   * @param pattern letters `y M d H m s S`, text in quotes, and signs, as in Java.
   * @param timeZone such as `Europe/Berlin`; by default that of the machine.
   */
  constructor(pattern = 'yyyy-MM-dd--HH', timeZone?: string) {
    this.#pattern = new DatePattern(pattern, timeZone);
  }

  getBucketId(_value: T, context: BucketContext): string {
    return this.#pattern.format(context.currentProcessingTime);
  }
}
