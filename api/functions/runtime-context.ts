import type { JobId, Logger } from '#core';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { AggregatingState, ListState, MapState, ReducingState, ValueState } from '../state/state.js';
import type { Accumulator } from './accumulators.js';

/** What a rich function learns of the place it runs in. */
export interface RuntimeContext {
  readonly jobId: JobId;
  readonly jobName: string;
  /** Name of the operator, as given by `name()`. */
  readonly taskName: string;
  readonly taskNameWithSubtasks: string;
  /** From 0. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** From 0; counts restarts. */
  readonly attemptNumber: number;
  readonly logger: Logger;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  /** Registers an accumulator under a name that is unique in this operator; its merged result is part of the job's result. */
  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void;
  getAccumulator<V, R>(name: string): Accumulator<V, R>;
  /** State of the key of the record, or timer, at hand. Only for functions on keyed streams, and to be asked for in `open`. */
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<I, A, O>(descriptor: AggregatingStateDescriptor<I, A, O>): AggregatingState<I, O>;
}

/** Life cycle of functions that have one. Both may be asynchronous; records come only between them. */
export interface RichFunction {
  open?(context: RuntimeContext): void | Promise<void>;
  close?(): void | Promise<void>;
}
