import type { Collector, ProcessContext } from './functions.js';
import type { RichFunction } from './runtime-context.js';

/** The two clocks that timers follow. */
export type TimeDomain = 'EVENT_TIME' | 'PROCESSING_TIME';

/**
 * Time as an operator knows it, and the timers of the current key. A timer is set once for each key and time, however often it is
 * registered.
 */
export interface TimerService {
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
  /** The watermark of the operator; `MIN_WATERMARK` before the first. */
  readonly currentWatermark: number;
  /** Has `onTimer` called for the current key when the watermark reaches `time`; at the next watermark if it has already. */
  registerEventTimeTimer(time: number): void;
  /** Has `onTimer` called for the current key at `time`, ms since 1970 UTC; at once if it is past. */
  registerProcessingTimeTimer(time: number): void;
  deleteEventTimeTimer(time: number): void;
  deleteProcessingTimeTimer(time: number): void;
}

/** What a keyed process function learns of the record at hand. */
export interface KeyedProcessContext<K> extends ProcessContext {
  readonly currentKey: K;
  readonly timerService: TimerService;
}

/** What it learns of the timer at hand. `timestamp` is that of the timer. */
export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  readonly timeDomain: TimeDomain;
}

/**
 * Handles the records of each key one by one, with state and timers of the key. State comes from the runtime context in `open`.
 *
 * @example
 * class CountPerMinute implements KeyedProcessFunction<string, Click, [string, number]> {
 *   #count!: ValueState<number>;
 *   open(context: RuntimeContext) { this.#count = context.getState(new ValueStateDescriptor<number>('count')); }
 *   processElement(_click: Click, context: KeyedProcessContext<string>) {
 *     const before = this.#count.value();
 *     if (before === undefined) context.timerService.registerEventTimeTimer(context.timestamp + 60_000);
 *     this.#count.update((before ?? 0) + 1);
 *   }
 *   onTimer(_time: number, context: OnTimerContext<string>, out: Collector<[string, number]>) {
 *     out.collect([context.currentKey, this.#count.value() ?? 0]);
 *     this.#count.clear();
 *   }
 * }
 */
export interface KeyedProcessFunction<K, I, O> extends RichFunction {
  processElement(value: I, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void;
}

/** As {@link KeyedProcessFunction}, for two streams that share the state and timers of a key. */
export interface KeyedCoProcessFunction<K, A, B, O> extends RichFunction {
  processElement1(value: A, context: KeyedProcessContext<K>, out: Collector<O>): void;
  processElement2(value: B, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer?(timestamp: number, context: OnTimerContext<K>, out: Collector<O>): void;
}
