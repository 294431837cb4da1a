import type { AggregateFunction, OutputTag, ReduceFunction, RichReduceFunction, Synchronous } from '../functions/functions.js';
import type { BuiltInAggregation } from '../graph/stream-graph.js';
import type { WindowContents, WindowSpec } from '../graph/window-spec.js';
import type { Duration } from '../time/duration.js';
import type { Evictor } from '../windowing/evictor.js';
import type { Trigger } from '../windowing/trigger.js';
import type { ProcessWindowFunction, WindowFunction } from '../windowing/window-functions.js';
import type { Window } from '../windowing/windows.js';
import type { Field, NumericField } from './field-path.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import {
  aggregateContents,
  foldContents,
  reduceContents,
  windowResult,
  type AnyWindowFunction,
  type WindowOperation,
} from './window-operation.js';

/** Makes results of what an incremental function has made of a window: an object, or the function of `apply`. */
export type WindowFunctionOf<I, O, K, W extends Window> =
  WindowFunction<I, O, K, W> | ProcessWindowFunction<I, O, K, W> | WindowFunction<I, O, K, W>['apply'];

/** Adds the operator to the program. `field`: of a built-in aggregation, to be checked. */
export type AddWindowOperator = <O>(spec: WindowSpec, field?: unknown) => SingleOutputStreamOperator<O>;

/**
 * The records of each key in windows. Settings can be chained; the operation that follows says what becomes of the records: incremental
 * ones (`reduce`, `aggregate`, `sum`, …) keep one value for each key and window, `apply` and `process` alone keep all records.
 *
 * Windows that overlap share what they have in common: functions must be associative, and the records of a window are combined in the
 * order of its parts, which is not always that of their arrival.
 */
export class WindowedStream<T, K, W extends Window> {
  declare protected readonly types: readonly [T, K, W];
  readonly #windows: WindowOperation;
  readonly #add: AddWindowOperator;

  /** Made by `KeyedStream.window`. */
  constructor(windows: WindowOperation, add: AddWindowOperator) {
    this.#windows = windows;
    this.#add = add;
  }

  /** When windows fire; by default the assigner says it. */
  trigger(trigger: Trigger<T, W>): this {
    this.#windows.setTrigger(trigger as Trigger<unknown, Window>);
    return this;
  }

  /** Removes records when a window fires; all records are kept then, whatever the function. */
  evictor(evictor: Evictor<T, W>): this {
    this.#windows.setEvictor(evictor as Evictor<unknown, Window>);
    return this;
  }

  /** How long after its end a window takes late records; each fires it again. */
  allowedLateness(lateness: Duration): this {
    this.#windows.setAllowedLateness(lateness);
    return this;
  }

  /** Records that no window takes any more go to a side output instead of being dropped. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.#windows.setLateData(tag as OutputTag<never>);
    return this;
  }

  /** Joins records into one, two by two. */
  reduce(reducer: ReduceFunction<T> | RichReduceFunction<T>): SingleOutputStreamOperator<T>;
  reduce<O>(reducer: ReduceFunction<T> | RichReduceFunction<T>, result: WindowFunctionOf<T, O, K, W>): SingleOutputStreamOperator<O>;
  reduce<O>(
    reducer: ReduceFunction<T> | RichReduceFunction<T>,
    result?: WindowFunctionOf<T, O, K, W>,
  ): SingleOutputStreamOperator<T> | SingleOutputStreamOperator<O> {
    const contents = reduceContents(reducer);
    return result === undefined ? this.#operator<T>(contents, undefined, reducer) : this.#operator<O>(contents, result, reducer);
  }

  /** Aggregates records; the results are the function's, or what `result` makes of them. */
  aggregate<A, R>(aggregate: AggregateFunction<T, A, R>): SingleOutputStreamOperator<R>;
  aggregate<A, R, O>(aggregate: AggregateFunction<T, A, R>, result: WindowFunctionOf<R, O, K, W>): SingleOutputStreamOperator<O>;
  aggregate<A, R>(aggregate: AggregateFunction<T, A, R>, result?: WindowFunctionOf<R, unknown, K, W>): SingleOutputStreamOperator<unknown> {
    return this.#operator(aggregateContents(aggregate), result, aggregate);
  }

  /**
   * Folds records into an accumulator, in the order in which they come. Not for windows that merge.
   * @param initial the first accumulator, copied for each window; or a function that makes it.
   */
  fold<A>(initial: A | (() => A), fold: (accumulator: A, value: T) => Synchronous<A>): SingleOutputStreamOperator<A>;
  fold<A, O>(
    initial: A | (() => A),
    fold: (accumulator: A, value: T) => Synchronous<A>,
    result: WindowFunctionOf<A, O, K, W>,
  ): SingleOutputStreamOperator<O>;
  fold(initial: unknown, fold: (accumulator: never, value: T) => unknown, result?: unknown): SingleOutputStreamOperator<unknown> {
    this.#windows.checkFold();
    return this.#operator(foldContents(initial, fold), result);
  }

  /** Hands all records of a window to a function. */
  apply<O>(apply: WindowFunction<T, O, K, W> | WindowFunction<T, O, K, W>['apply']): SingleOutputStreamOperator<O> {
    return this.#operator({ kind: 'elements' }, apply);
  }

  /** Hands all records of a window to a function that also has state, time and side outputs. */
  process<O>(process: ProcessWindowFunction<T, O, K, W> | ProcessWindowFunction<T, O, K, W>['process']): SingleOutputStreamOperator<O> {
    const given = typeof process === 'function' ? { process } : process;
    return this.#operator({ kind: 'elements' }, given);
  }

  /** Adds up one field; the other fields are those of one of the records. */
  sum(field: NumericField<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField('sum', field, true);
  }

  /** The smallest value of one field; the other fields are those of one of the records. */
  min(field: Field<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField('min', field, true);
  }

  /** The largest value of one field; the other fields are those of one of the records. */
  max(field: Field<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField('max', field, true);
  }

  /** The record with the smallest value of a field; of several the first, or the last when `first` is false. */
  minBy(field: Field<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField('minBy', field, first);
  }

  /** The record with the largest value of a field; of several the first, or the last when `first` is false. */
  maxBy(field: Field<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregateField('maxBy', field, first);
  }

  #aggregateField(aggregation: BuiltInAggregation, field: unknown, first: boolean): SingleOutputStreamOperator<T> {
    const contents: WindowContents = { kind: 'fieldAggregate', aggregation, field: String(field), first };
    return this.#add<T>(this.#windows.spec(contents, undefined), field);
  }

  #operator<O>(contents: WindowContents, given: unknown, ...functions: readonly unknown[]): SingleOutputStreamOperator<O> {
    const result = given === undefined ? undefined : windowResult(given as AnyWindowFunction);
    return this.#add<O>(this.#windows.spec(contents, result, given, ...functions));
  }
}
