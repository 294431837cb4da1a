import { MAX_WATERMARK, Types } from '#core';
import { ReducingStateDescriptor, ValueStateDescriptor } from '../state/descriptors.js';
import { durationOf, type Duration } from '../time/duration.js';
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from './trigger.js';
import type { TimeWindow, Window } from './windows.js';

const { CONTINUE, FIRE, FIRE_AND_PURGE } = TriggerResult;

/** Fires when the watermark passes the end of the window, and again for each late record. */
export class EventTimeTrigger extends Trigger<unknown, TimeWindow> {
  static create(): EventTimeTrigger {
    return new EventTimeTrigger();
  }

  override readonly canMerge = true;

  onElement(_element: unknown, _timestamp: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.currentWatermark) return FIRE;
    context.registerEventTimeTimer(window.maxTimestamp());
    return CONTINUE;
  }

  onEventTime(time: number, window: TimeWindow): TriggerResult {
    return time === window.maxTimestamp() ? FIRE : CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return CONTINUE;
  }

  override onMerge(window: TimeWindow, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.currentWatermark) context.registerEventTimeTimer(window.maxTimestamp());
  }

  clear(window: TimeWindow, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp());
  }
}

/** Fires when processing time passes the end of the window. */
export class ProcessingTimeTrigger extends Trigger<unknown, TimeWindow> {
  static create(): ProcessingTimeTrigger {
    return new ProcessingTimeTrigger();
  }

  override readonly canMerge = true;

  onElement(_element: unknown, _timestamp: number, window: TimeWindow, context: TriggerContext): TriggerResult {
    context.registerProcessingTimeTimer(window.maxTimestamp());
    return CONTINUE;
  }

  onEventTime(): TriggerResult {
    return CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return FIRE;
  }

  override onMerge(window: TimeWindow, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.currentProcessingTime) context.registerProcessingTimeTimer(window.maxTimestamp());
  }

  clear(window: TimeWindow, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(window.maxTimestamp());
  }
}

/** Never fires: the trigger of global windows. */
export class NeverTrigger extends Trigger<unknown, Window> {
  override readonly canMerge = true;

  onElement(): TriggerResult {
    return CONTINUE;
  }

  onEventTime(): TriggerResult {
    return CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return CONTINUE;
  }

  override onMerge(): void {
    // nothing is kept
  }

  clear(): void {
    // nothing is kept
  }
}

/** Fires when there have been so many records. */
export class CountTrigger extends Trigger<unknown, Window> {
  readonly #count = new ReducingStateDescriptor<number>('count', (left, right) => left + right, Types.long);

  private constructor(private readonly maxCount: number) {
    super();
  }

  static of(maxCount: number): CountTrigger {
    return new CountTrigger(maxCount);
  }

  override readonly canMerge = true;

  onElement(_element: unknown, _timestamp: number, _window: Window, context: TriggerContext): TriggerResult {
    const count = context.getPartitionedState(this.#count);
    count.add(1);
    if ((count.get() ?? 0) < this.maxCount) return CONTINUE;
    count.clear();
    return FIRE;
  }

  onEventTime(): TriggerResult {
    return CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return CONTINUE;
  }

  override onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(this.#count);
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#count).clear();
  }

  override toString(): string {
    return `CountTrigger(${this.maxCount})`;
  }
}

/** When a window is to fire next; of windows that merge the earlier time counts. */
const nextFiring = (): ReducingStateDescriptor<number> =>
  new ReducingStateDescriptor<number>('fire-time', (left, right) => Math.min(left, right), Types.double);

/** Fires at whole multiples of an interval in event time while there are records, and at the end of the window. */
export class ContinuousEventTimeTrigger extends Trigger<unknown, Window> {
  readonly #fireTime = nextFiring();

  private constructor(private readonly intervalMs: number) {
    super();
  }

  static of(interval: Duration): ContinuousEventTimeTrigger {
    return new ContinuousEventTimeTrigger(durationOf(interval));
  }

  override readonly canMerge = true;

  onElement(_element: unknown, timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.currentWatermark) return FIRE;
    context.registerEventTimeTimer(window.maxTimestamp());
    if (context.getPartitionedState(this.#fireTime).get() === undefined) {
      this.#registerNext(timestamp - (timestamp % this.intervalMs), window, context);
    }
    return CONTINUE;
  }

  onEventTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    if (time === window.maxTimestamp()) return FIRE;
    const fireTime = context.getPartitionedState(this.#fireTime);
    if (fireTime.get() !== time) return CONTINUE;
    fireTime.clear();
    // at the end of time a window without an end would fire for ever
    const forEver = context.currentWatermark === MAX_WATERMARK && window.maxTimestamp() === MAX_WATERMARK;
    if (!forEver) this.#registerNext(time, window, context);
    return FIRE;
  }

  onProcessingTime(): TriggerResult {
    return CONTINUE;
  }

  override onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(this.#fireTime);
    const next = context.getPartitionedState(this.#fireTime).get();
    if (next !== undefined) context.registerEventTimeTimer(next);
  }

  clear(_window: Window, context: TriggerContext): void {
    const fireTime = context.getPartitionedState(this.#fireTime);
    const time = fireTime.get();
    if (time === undefined) return;
    context.deleteEventTimeTimer(time);
    fireTime.clear();
  }

  override toString(): string {
    return `ContinuousEventTimeTrigger(${this.intervalMs})`;
  }

  #registerNext(time: number, window: Window, context: TriggerContext): void {
    const next = Math.min(time + this.intervalMs, window.maxTimestamp());
    context.getPartitionedState(this.#fireTime).add(next);
    context.registerEventTimeTimer(next);
  }
}

/** Fires at whole multiples of an interval in processing time while there are records. */
export class ContinuousProcessingTimeTrigger extends Trigger<unknown, Window> {
  readonly #fireTime = nextFiring();

  private constructor(private readonly intervalMs: number) {
    super();
  }

  static of(interval: Duration): ContinuousProcessingTimeTrigger {
    return new ContinuousProcessingTimeTrigger(durationOf(interval));
  }

  override readonly canMerge = true;

  onElement(_element: unknown, _timestamp: number, window: Window, context: TriggerContext): TriggerResult {
    if (context.getPartitionedState(this.#fireTime).get() !== undefined) return CONTINUE;
    const now = context.currentProcessingTime;
    this.#registerNext(now - (now % this.intervalMs), window, context);
    return CONTINUE;
  }

  onEventTime(): TriggerResult {
    return CONTINUE;
  }

  onProcessingTime(time: number, window: Window, context: TriggerContext): TriggerResult {
    const fireTime = context.getPartitionedState(this.#fireTime);
    if (fireTime.get() !== time) return CONTINUE;
    fireTime.clear();
    this.#registerNext(time, window, context);
    return FIRE;
  }

  override onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(this.#fireTime);
    const next = context.getPartitionedState(this.#fireTime).get();
    if (next !== undefined) context.registerProcessingTimeTimer(next);
  }

  clear(_window: Window, context: TriggerContext): void {
    const fireTime = context.getPartitionedState(this.#fireTime);
    const time = fireTime.get();
    if (time === undefined) return;
    context.deleteProcessingTimeTimer(time);
    fireTime.clear();
  }

  override toString(): string {
    return `ContinuousProcessingTimeTrigger(${this.intervalMs})`;
  }

  #registerNext(time: number, window: Window, context: TriggerContext): void {
    // the end of a window of event time may be long past by the clock
    const last = window.maxTimestamp();
    const next = last > time ? Math.min(time + this.intervalMs, last) : time + this.intervalMs;
    context.getPartitionedState(this.#fireTime).add(next);
    context.registerProcessingTimeTimer(next);
  }
}

/** Fires when a record is further from the one at the last firing, or the first, than a threshold. */
export class DeltaTrigger<T> extends Trigger<T, Window> {
  readonly #last = new ValueStateDescriptor<T>('last-element');

  private constructor(
    private readonly threshold: number,
    private readonly delta: (last: T, element: T) => number,
  ) {
    super();
  }

  static of<T>(threshold: number, delta: (last: T, element: T) => number): DeltaTrigger<T> {
    return new DeltaTrigger(threshold, delta);
  }

  onElement(element: T, _timestamp: number, _window: Window, context: TriggerContext): TriggerResult {
    const last = context.getPartitionedState(this.#last);
    const before = last.value();
    if (before !== undefined && !(this.delta(before, element) > this.threshold)) return CONTINUE;
    last.update(element);
    return before === undefined ? CONTINUE : FIRE;
  }

  onEventTime(): TriggerResult {
    return CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return CONTINUE;
  }

  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#last).clear();
  }

  override toString(): string {
    return `DeltaTrigger(${this.threshold})`;
  }
}

/** Fires when another trigger does, and forgets the contents of the window each time. */
export class PurgingTrigger<T, W extends Window> extends Trigger<T, W> {
  override readonly canMerge: boolean;

  private constructor(private readonly nested: Trigger<T, W>) {
    super();
    this.canMerge = nested.canMerge;
  }

  static of<T, W extends Window>(nested: Trigger<T, W>): PurgingTrigger<T, W> {
    return new PurgingTrigger(nested);
  }

  onElement(element: T, timestamp: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onElement(element, timestamp, window, context));
  }

  onEventTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onEventTime(time, window, context));
  }

  onProcessingTime(time: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.nested.onProcessingTime(time, window, context));
  }

  override onMerge(window: W, context: OnMergeContext): void {
    this.nested.onMerge(window, context);
  }

  clear(window: W, context: TriggerContext): void {
    this.nested.clear(window, context);
  }

  override toString(): string {
    return `PurgingTrigger(${this.nested.toString()})`;
  }
}

function purging(result: TriggerResult): TriggerResult {
  return result === FIRE ? FIRE_AND_PURGE : result;
}
