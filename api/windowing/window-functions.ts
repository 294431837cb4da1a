import type { Collector, OutputTag } from '../functions/functions.js';
import type { RichFunction } from '../functions/runtime-context.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../state/state.js';
import type { Window } from './windows.js';

/** State by descriptors. */
export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

/**
 * Makes results of the records of a key in a window, or of the one result of an incremental function. Results have the timestamp
 * `window.maxTimestamp()`.
 */
export interface WindowFunction<I, O, K, W extends Window> extends RichFunction {
  apply(key: K, window: W, values: Iterable<I>, out: Collector<O>): void;
}

/** As {@link WindowFunction}, for windows of all records. */
export interface AllWindowFunction<I, O, W extends Window> extends RichFunction {
  apply(window: W, values: Iterable<I>, out: Collector<O>): void;
}

/** What a process window function learns of the window at hand. */
export interface ProcessWindowContext<W extends Window> {
  readonly window: W;
  /** ms since 1970 UTC. */
  readonly currentProcessingTime: number;
  readonly currentWatermark: number;
  /** State of the key in this window; forgotten with it: see `clear`. Not for windows that merge. */
  windowState(): KeyedStateStore;
  /** State of the key, whatever the window. */
  globalState(): KeyedStateStore;
  /** Emits to a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** As {@link WindowFunction}, with state, time and side outputs. */
export interface ProcessWindowFunction<I, O, K, W extends Window> extends RichFunction {
  process(key: K, context: ProcessWindowContext<W>, elements: Iterable<I>, out: Collector<O>): void;
  /** The window is forgotten: removes what is kept in `windowState`. */
  clear?(context: ProcessWindowContext<W>): void;
}

/** As {@link ProcessWindowFunction}, for windows of all records. */
export interface ProcessAllWindowFunction<I, O, W extends Window> extends RichFunction {
  process(context: ProcessWindowContext<W>, elements: Iterable<I>, out: Collector<O>): void;
  clear?(context: ProcessWindowContext<W>): void;
}
