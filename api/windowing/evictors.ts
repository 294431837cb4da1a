import { NO_TIMESTAMP } from '#core';
import { durationOf, type Duration } from '../time/duration.js';
import type { Evictor, EvictorContext, TimestampedValue } from './evictor.js';
import type { Window } from './windows.js';

/** An evictor that does the same thing either before or after the window function. */
abstract class OneTimeEvictor<T> implements Evictor<T, Window> {
  constructor(private readonly after: boolean) {}

  protected abstract evict(elements: TimestampedValue<T>[]): void;

  evictBefore(elements: TimestampedValue<T>[], _size: number, _window: Window, _context: EvictorContext): void {
    if (!this.after) this.evict(elements);
  }

  evictAfter(elements: TimestampedValue<T>[], _size: number, _window: Window, _context: EvictorContext): void {
    if (this.after) this.evict(elements);
  }
}

/** Keeps the last so many records. */
export class CountEvictor extends OneTimeEvictor<unknown> {
  private constructor(
    private readonly maxCount: number,
    after: boolean,
  ) {
    super(after);
  }

  /** @param doEvictAfter evict after the window function, not before. */
  static of(maxCount: number, doEvictAfter = false): CountEvictor {
    return new CountEvictor(maxCount, doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<unknown>[]): void {
    if (elements.length > this.maxCount) elements.splice(0, elements.length - this.maxCount);
  }
}

/** Keeps the records that are less than a given time before the latest. */
export class TimeEvictor extends OneTimeEvictor<unknown> {
  private constructor(
    private readonly windowMs: number,
    after: boolean,
  ) {
    super(after);
  }

  /** @param doEvictAfter evict after the window function, not before. */
  static of(windowSize: Duration, doEvictAfter = false): TimeEvictor {
    return new TimeEvictor(durationOf(windowSize), doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<unknown>[]): void {
    const first = elements[0];
    if (first === undefined || first.timestamp === NO_TIMESTAMP) return;
    const latest = elements.reduce((max, { timestamp }) => Math.max(max, timestamp), NO_TIMESTAMP);
    keep(elements, ({ timestamp }) => timestamp > latest - this.windowMs);
  }
}

/** Keeps the records that are nearer to the last one than a threshold. */
export class DeltaEvictor<T> extends OneTimeEvictor<T> {
  private constructor(
    private readonly threshold: number,
    private readonly delta: (element: T, last: T) => number,
    after: boolean,
  ) {
    super(after);
  }

  /** @param doEvictAfter evict after the window function, not before. */
  static of<T>(threshold: number, delta: (element: T, last: T) => number, doEvictAfter = false): DeltaEvictor<T> {
    return new DeltaEvictor(threshold, delta, doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<T>[]): void {
    const last = elements.at(-1);
    if (last !== undefined) keep(elements, ({ value }) => this.delta(value, last.value) < this.threshold);
  }
}

function keep<T>(elements: TimestampedValue<T>[], stays: (element: TimestampedValue<T>) => boolean): void {
  elements.splice(0, elements.length, ...elements.filter(stays));
}
