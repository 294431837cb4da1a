import { NO_TIMESTAMP } from '#core';
import { InvalidProgramError } from '../errors.js';
import { durationOf, type Duration } from '../time/duration.js';
import { NoTimestampError } from './time-windows.js';
import type { Trigger } from './trigger.js';
import { EventTimeTrigger, ProcessingTimeTrigger } from './triggers.js';
import { MergingWindowAssigner, type WindowAssignerContext } from './window-assigner.js';
import { TimeWindow } from './windows.js';

/** How long a session stays open after this record, ms above 0. */
export type SessionGap<T> = (element: T) => number;

abstract class SessionWindows<in T> extends MergingWindowAssigner<T> {
  readonly #gapOf: SessionGap<T>;

  constructor(
    /** ms; undefined when each record has its own. */
    readonly gapMs: number | undefined,
    gapOf: SessionGap<T>,
  ) {
    super();
    this.#gapOf = gapOf;
  }

  /** ms. Throws `InvalidProgramError` (user) when it is not above 0. */
  gapAfter(element: T): number {
    return this.gapMs ?? checkedGap(this.#gapOf(element));
  }

  protected sessionAt(element: T, time: number): readonly TimeWindow[] {
    return [new TimeWindow(time, time + this.gapAfter(element))];
  }

  override toString(): string {
    return `${this.constructor.name}(${this.gapMs ?? 'dynamic'})`;
  }
}

/** Sessions in event time: records of a key, each at most a gap after another. */
export class EventTimeSessionWindows<in T = unknown> extends SessionWindows<T> {
  readonly isEventTime = true;

  static withGap(gap: Duration): EventTimeSessionWindows {
    const gapMs = sessionGap('EventTimeSessionWindows', gap);
    return new EventTimeSessionWindows(gapMs, () => gapMs);
  }

  /** Each record tells how long a gap may follow it. */
  static withDynamicGap<T>(gapOf: SessionGap<T>): EventTimeSessionWindows<T> {
    return new EventTimeSessionWindows(undefined, gapOf);
  }

  assignWindows(element: T, timestamp: number): readonly TimeWindow[] {
    if (timestamp === NO_TIMESTAMP) throw new NoTimestampError();
    return this.sessionAt(element, timestamp);
  }

  getDefaultTrigger(): Trigger<T, TimeWindow> {
    return EventTimeTrigger.create();
  }
}

/** Sessions in processing time: records of a key, each at most a gap after another. */
export class ProcessingTimeSessionWindows<in T = unknown> extends SessionWindows<T> {
  readonly isEventTime = false;

  static withGap(gap: Duration): ProcessingTimeSessionWindows {
    const gapMs = sessionGap('ProcessingTimeSessionWindows', gap);
    return new ProcessingTimeSessionWindows(gapMs, () => gapMs);
  }

  /** Each record tells how long a gap may follow it. */
  static withDynamicGap<T>(gapOf: SessionGap<T>): ProcessingTimeSessionWindows<T> {
    return new ProcessingTimeSessionWindows(undefined, gapOf);
  }

  assignWindows(element: T, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    return this.sessionAt(element, context.currentProcessingTime);
  }

  getDefaultTrigger(): Trigger<T, TimeWindow> {
    return ProcessingTimeTrigger.create();
  }
}

function sessionGap(name: string, gap: Duration): number {
  const gapMs = durationOf(gap);
  if (gapMs > 0) return gapMs;
  throw new InvalidProgramError(`${name} parameters must satisfy 0 < size`, 'Give a gap above 0.');
}

function checkedGap(gapMs: number): number {
  if (gapMs > 0) return gapMs;
  throw new InvalidProgramError('Dynamic session time gap must satisfy 0 < gap', 'Answer a gap above 0 for each record.');
}
