import type { TypedInfo } from '#core';
import { InvalidProgramError } from '../errors.js';
import type { AggregateFunction, FoldFunction, ReduceFunction, RichReduceFunction, Synchronous } from '../functions/functions.js';
import type { KeyedProcessFunction } from '../functions/keyed-process.js';
import type { StreamInput } from '../graph/operation.js';
import type { BuiltInAggregation, KeySpec, OperatorSpec, Partitioning } from '../graph/stream-graph.js';
import type { Duration } from '../time/duration.js';
import { GlobalWindows } from '../windowing/global-windows.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { GlobalWindow, TimeWindow, Window } from '../windowing/windows.js';
import { DataStream } from './data-stream.js';
import type { Field, NumericField } from './field-path.js';
import { IntervalJoin } from './interval-join.js';
import { checkedFieldType, fieldPath, type FieldName } from './key-spec.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';
import { countWindows, timeWindows } from './window-shorthands.js';
import { startOf, WindowOperation } from './window-operation.js';
import { WindowedStream } from './windowed-stream.js';

/**
 * A stream whose records go to subtasks by their key: all records of a key to the same one. Rolling operations emit
 * the new result for every record when the job is streaming, and once for each key when it is a batch.
 */
export class KeyedStream<T, K> extends DataStream<T> {
  declare protected readonly keyType: K;
  protected override readonly processName = 'KeyedProcess';
  readonly #key: KeySpec;

  constructor(program: StreamProgram, inputs: readonly StreamInput[], key: KeySpec) {
    super(program, inputs);
    this.#key = key;
  }

  /** Hands each record to a function with state and timers of the record's key. */
  override process<O>(process: KeyedProcessFunction<K, T, O>): SingleOutputStreamOperator<O> {
    return this.#keyed(this.processName, { kind: 'process', process: process as KeyedProcessFunction<unknown, unknown, unknown> });
  }

  /** Joins the records of each key into one, two by two. */
  reduce(reducer: ReduceFunction<T> | RichReduceFunction<T>): SingleOutputStreamOperator<T> {
    const key = this.#key;
    if (typeof reducer === 'function') {
      return this.#keyed('Keyed Reduce', { kind: 'reduce', key, reduce: reducer as ReduceFunction<unknown> });
    }
    const reduce = reducer.reduce.bind(reducer) as ReduceFunction<unknown>;
    return this.#keyed('Keyed Reduce', { kind: 'reduce', key, reduce, lifecycle: reducer });
  }

  /**
   * Folds the records of each key into an accumulator, which is emitted.
   * @param initial the first accumulator, copied for each key; or a function that makes it.
   */
  fold<A>(initial: A | (() => A), fold: (accumulator: A, value: T) => Synchronous<A>): SingleOutputStreamOperator<A> {
    return this.#keyed('Keyed Fold', {
      kind: 'fold',
      key: this.#key,
      initial: startOf(initial),
      fold: fold as FoldFunction<unknown, unknown>,
    });
  }

  /** Aggregates the records of each key, emitting the function's result. */
  aggregate<A, R>(aggregate: AggregateFunction<T, A, R>): SingleOutputStreamOperator<R> {
    const general = aggregate as AggregateFunction<unknown, unknown, unknown>;
    return this.#keyed('Keyed Aggregation', { kind: 'aggregate', key: this.#key, aggregate: general });
  }

  /** Adds up one field; the other fields are those of the key's first record. */
  sum(field: NumericField<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField('sum', field, true);
  }

  /** The smallest value of one field; the other fields are those of the key's first record. */
  min(field: Field<T>): SingleOutputStreamOperator<T> {
    return this.#aggregateField('min', field, true);
  }

  /** The largest value of one field; the other fields are those of the key's first record. */
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

  /** Puts the records of each key into windows. */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    const windows = new WindowOperation(assigner as unknown as WindowAssigner<unknown, Window>);
    return new WindowedStream<T, K, W>(windows, (spec, field) => {
      if (field !== undefined) this.#checkField(field as FieldName);
      return this.#keyed(windows.name, { kind: 'window', key: this.#key, ...spec });
    });
  }

  /** Tumbling windows, or with `slide` sliding ones, of the environment's time characteristic. */
  timeWindow(size: Duration, slide?: Duration): WindowedStream<T, K, TimeWindow> {
    return this.window(timeWindows(this.program.environment.getStreamTimeCharacteristic(), size, slide));
  }

  /** A window for each `size` records of a key; with `slide` for every `slide` records the last `size` of them. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    return countWindows(this.window<GlobalWindow>(GlobalWindows.create()), size, slide);
  }

  /** Pairs records with those of the other stream of the same key whose timestamps are near: say how near by `between`. */
  intervalJoin<B>(other: KeyedStream<B, K>): IntervalJoin<T, B> {
    return new IntervalJoin<T, B>((spec) => {
      const keys = { key: this.#key, secondKey: other.#key };
      const inputs = [this.inputs, this.inputsOf(other)];
      return this.program.operator(this.program.add({ kind: 'intervalJoin', ...keys, ...spec }, 'Interval Join', inputs));
    });
  }

  /** Declares the type of the key; without it, that is learnt from the first keys. */
  keyReturns(type: TypedInfo<K>): KeyedStream<T, K> {
    return this.program.keyed(this.inputs, { ...this.#key, type });
  }

  protected override partitioned(_partitioning: Partitioning): DataStream<T> {
    throw new InvalidProgramError(
      'Cannot override partitioning for KeyedStream.',
      'Partition the stream before "keyBy", or its result after it.',
    );
  }

  #aggregateField(aggregation: BuiltInAggregation, field: unknown, first: boolean): SingleOutputStreamOperator<T> {
    const path = this.#checkField(field as FieldName);
    return this.#keyed('Keyed Aggregation', { kind: 'fieldAggregate', key: this.#key, aggregation, field: path, first });
  }

  #checkField(field: FieldName): string {
    const type = this.declaredType();
    if (type) checkedFieldType(field, type);
    return fieldPath(field);
  }

  #keyed<O>(name: string, spec: OperatorSpec): SingleOutputStreamOperator<O> {
    return this.program.operator(this.program.add(spec, name, [this.inputs]));
  }
}
