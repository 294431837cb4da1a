import type { BroadcastState, ReadOnlyBroadcastState } from '../state/broadcast-state.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../state/state.js';
import type { Collector, ProcessContext } from './functions.js';
import type { OnTimerContext, TimerService } from './keyed-process.js';
import type { RichFunction } from './runtime-context.js';

/** What a function learns of a record that is not broadcast: it may read the broadcast state. */
export interface ReadOnlyBroadcastContext extends ProcessContext {
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
  readonly currentWatermark: number;
  /** Throws `InvalidProgramError` (user) for a state that was not named in `broadcast`. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V>;
}

/** What it learns of a record that is broadcast: it may change the state, in the same way in all subtasks. */
export interface BroadcastContext extends ProcessContext {
  readonly currentProcessingTime: number;
  readonly currentWatermark: number;
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/**
 * Handles the records of a stream together with those of a broadcast one, which reach every subtask.
 *
 * @example
 * const RULES = new MapStateDescriptor<string, number>('rules');
 * class AboveLimit implements BroadcastProcessFunction<Order, Rule, Order> {
 *   processElement(order: Order, context: ReadOnlyBroadcastContext, out: Collector<Order>) {
 *     if (order.amount > (context.getBroadcastState(RULES).get(order.shop) ?? 0)) out.collect(order);
 *   }
 *   processBroadcastElement(rule: Rule, context: BroadcastContext) {
 *     context.getBroadcastState(RULES).put(rule.shop, rule.limit);
 *   }
 * }
 * orders.connect(rules.broadcast(RULES)).process(new AboveLimit());
 */
export interface BroadcastProcessFunction<I, B, O> extends RichFunction {
  processElement(value: I, context: ReadOnlyBroadcastContext, out: Collector<O>): void;
  processBroadcastElement(value: B, context: BroadcastContext, out: Collector<O>): void;
}

export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  readonly currentKey: K;
  readonly timerService: TimerService;
}

export interface KeyedBroadcastContext extends BroadcastContext {
  /**
   * Calls `apply` for every key of this subtask that has something in the state, in no particular order; the key's state may be changed.
   */
  applyToKeyedState<T>(descriptor: ValueStateDescriptor<T>, apply: (key: unknown, state: ValueState<T>) => void): void;
  applyToKeyedState<T>(descriptor: ListStateDescriptor<T>, apply: (key: unknown, state: ListState<T>) => void): void;
  applyToKeyedState<MK, V>(descriptor: MapStateDescriptor<MK, V>, apply: (key: unknown, state: MapState<MK, V>) => void): void;
  applyToKeyedState<T>(descriptor: ReducingStateDescriptor<T>, apply: (key: unknown, state: ReducingState<T>) => void): void;
  applyToKeyedState<I, A, O>(
    descriptor: AggregatingStateDescriptor<I, A, O>,
    apply: (key: unknown, state: AggregatingState<I, O>) => void,
  ): void;
}

export interface KeyedBroadcastOnTimerContext<K> extends OnTimerContext<K> {
  getBroadcastState<BK, V>(descriptor: MapStateDescriptor<BK, V>): ReadOnlyBroadcastState<BK, V>;
}

/** As {@link BroadcastProcessFunction}, with state and timers of the key of each record that is not broadcast. */
export interface KeyedBroadcastProcessFunction<K, I, B, O> extends RichFunction {
  processElement(value: I, context: KeyedReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  processBroadcastElement(value: B, context: KeyedBroadcastContext, out: Collector<O>): void;
  onTimer?(timestamp: number, context: KeyedBroadcastOnTimerContext<K>, out: Collector<O>): void;
}
