import type { AggregateFunction, OutputTag, ReduceFunction, RichReduceFunction, Synchronous } from '../functions/functions.js';
import type { Duration } from '../time/duration.js';
import type { Evictor } from '../windowing/evictor.js';
import type { Trigger } from '../windowing/trigger.js';
import type { AllWindowFunction, ProcessAllWindowFunction, ProcessWindowFunction, WindowFunction } from '../windowing/window-functions.js';
import type { Window } from '../windowing/windows.js';
import type { Field, NumericField } from './field-path.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { WindowOperation } from './window-operation.js';
import { WindowedStream, type AddWindowOperator } from './windowed-stream.js';

/** As `WindowFunctionOf`, without a key. */
export type AllWindowFunctionOf<I, O, W extends Window> =
  AllWindowFunction<I, O, W> | ProcessAllWindowFunction<I, O, W> | AllWindowFunction<I, O, W>['apply'];

/** All records of a stream in windows: as {@link WindowedStream} with one key. The operator has parallelism 1. */
export class AllWindowedStream<T, W extends Window> {
  readonly #keyed: WindowedStream<T, number, W>;

  /** Made by `DataStream.windowAll`. */
  constructor(windows: WindowOperation, add: AddWindowOperator) {
    this.#keyed = new WindowedStream<T, number, W>(windows, add);
  }

  trigger(trigger: Trigger<T, W>): this {
    this.#keyed.trigger(trigger);
    return this;
  }

  evictor(evictor: Evictor<T, W>): this {
    this.#keyed.evictor(evictor);
    return this;
  }

  allowedLateness(lateness: Duration): this {
    this.#keyed.allowedLateness(lateness);
    return this;
  }

  sideOutputLateData(tag: OutputTag<T>): this {
    this.#keyed.sideOutputLateData(tag);
    return this;
  }

  reduce(reducer: ReduceFunction<T> | RichReduceFunction<T>): SingleOutputStreamOperator<T>;
  reduce<O>(reducer: ReduceFunction<T> | RichReduceFunction<T>, result: AllWindowFunctionOf<T, O, W>): SingleOutputStreamOperator<O>;
  reduce<O>(
    reducer: ReduceFunction<T> | RichReduceFunction<T>,
    result?: AllWindowFunctionOf<T, O, W>,
  ): SingleOutputStreamOperator<T> | SingleOutputStreamOperator<O> {
    return result === undefined ? this.#keyed.reduce(reducer) : this.#keyed.reduce(reducer, withKey(result));
  }

  aggregate<A, R>(aggregate: AggregateFunction<T, A, R>): SingleOutputStreamOperator<R>;
  aggregate<A, R, O>(aggregate: AggregateFunction<T, A, R>, result: AllWindowFunctionOf<R, O, W>): SingleOutputStreamOperator<O>;
  aggregate<A, R, O>(
    aggregate: AggregateFunction<T, A, R>,
    result?: AllWindowFunctionOf<R, O, W>,
  ): SingleOutputStreamOperator<R> | SingleOutputStreamOperator<O> {
    return result === undefined ? this.#keyed.aggregate(aggregate) : this.#keyed.aggregate(aggregate, withKey(result));
  }

  fold<A>(initial: A | (() => A), fold: (accumulator: A, value: T) => Synchronous<A>): SingleOutputStreamOperator<A>;
  fold<A, O>(
    initial: A | (() => A),
    fold: (accumulator: A, value: T) => Synchronous<A>,
    result: AllWindowFunctionOf<A, O, W>,
  ): SingleOutputStreamOperator<O>;
  fold<A, O>(
    initial: A | (() => A),
    fold: (accumulator: A, value: T) => Synchronous<A>,
    result?: AllWindowFunctionOf<A, O, W>,
  ): SingleOutputStreamOperator<A> | SingleOutputStreamOperator<O> {
    return result === undefined ? this.#keyed.fold(initial, fold) : this.#keyed.fold(initial, fold, withKey(result));
  }

  apply<O>(apply: AllWindowFunction<T, O, W> | AllWindowFunction<T, O, W>['apply']): SingleOutputStreamOperator<O> {
    return this.#keyed.apply(withKey<T, O, W>(apply) as WindowFunction<T, O, number, W>);
  }

  process<O>(process: ProcessAllWindowFunction<T, O, W> | ProcessAllWindowFunction<T, O, W>['process']): SingleOutputStreamOperator<O> {
    return this.#keyed.process(processWithKey(typeof process === 'function' ? { process } : process));
  }

  sum(field: NumericField<T>): SingleOutputStreamOperator<T> {
    return this.#keyed.sum(field);
  }

  min(field: Field<T>): SingleOutputStreamOperator<T> {
    return this.#keyed.min(field);
  }

  max(field: Field<T>): SingleOutputStreamOperator<T> {
    return this.#keyed.max(field);
  }

  minBy(field: Field<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#keyed.minBy(field, first);
  }

  maxBy(field: Field<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#keyed.maxBy(field, first);
  }
}

function withKey<I, O, W extends Window>(
  given: AllWindowFunctionOf<I, O, W>,
): WindowFunction<I, O, number, W> | ProcessWindowFunction<I, O, number, W> {
  if (typeof given === 'function') return { apply: (_key, window, values, out) => given(window, values, out) };
  if ('process' in given) return processWithKey(given);
  return {
    open: (context) => given.open?.(context),
    close: () => given.close?.(),
    apply: (_key, window, values, out) => {
      given.apply(window, values, out);
    },
  };
}

function processWithKey<I, O, W extends Window>(given: ProcessAllWindowFunction<I, O, W>): ProcessWindowFunction<I, O, number, W> {
  return {
    open: (context) => given.open?.(context),
    close: () => given.close?.(),
    process: (_key, context, elements, out) => {
      given.process(context, elements, out);
    },
    clear: (context) => given.clear?.(context),
  };
}
