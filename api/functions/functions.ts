import type { RichFunction } from './runtime-context.js';

/** Takes the records that a function emits. */
export interface Collector<T> {
  collect(value: T): void;
}

/** What the type checker demands of a function that answers a promise: its name says what to do instead. */
export interface UseAsyncDataStream {
  readonly 'functions for records are synchronous: use AsyncDataStream': never;
}

/** The result type of a function for records: anything but a promise, since records are handled synchronously. */
export type Synchronous<T> = T extends PromiseLike<unknown> ? UseAsyncDataStream : T;

export type MapFunction<I, O> = (value: I) => O;
export type FilterFunction<T> = (value: T) => boolean;
/** Emits through `out`, or returns an iterable, which is read no faster than downstream can take it. */
export type FlatMapFunction<I, O> = (value: I, out: Collector<O>) => void | Iterable<O>;
/** Associative; must not change its arguments. */
export type ReduceFunction<T> = (left: T, right: T) => T;
export type FoldFunction<T, A> = (accumulator: A, value: T) => A;
export type KeySelector<T, K> = (value: T) => K;
/** Answers the subtask, from 0, that gets the key. */
export type Partitioner<K> = (key: K, subtasks: number) => number;

export interface RichMapFunction<I, O> extends RichFunction {
  map(value: I): Synchronous<O>;
}
export interface RichFilterFunction<T> extends RichFunction {
  filter(value: T): boolean;
}
export interface RichFlatMapFunction<I, O> extends RichFunction {
  flatMap(value: I, out: Collector<O>): void | Iterable<O>;
}
export interface RichReduceFunction<T> extends RichFunction {
  reduce(left: T, right: T): T;
}

/** Incremental aggregation of records into an accumulator, and of that into a result. */
export interface AggregateFunction<T, A, R> {
  createAccumulator(): A;
  /** Answers the accumulator to keep, which may be the changed argument. */
  add(value: T, accumulator: A): A;
  getResult(accumulator: A): R;
  merge(left: A, right: A): A;
}

/** What a process function learns of the record at hand. */
export interface ProcessContext {
  /** ms since 1970 UTC, or `NO_TIMESTAMP`. */
  readonly timestamp: number;
  /** Emits to a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
}
export interface ProcessFunction<I, O> extends RichFunction {
  processElement(value: I, context: ProcessContext, out: Collector<O>): void;
}
export interface CoMapFunction<A, B, O> extends RichFunction {
  map1(value: A): O;
  map2(value: B): O;
}
export interface CoFlatMapFunction<A, B, O> extends RichFunction {
  flatMap1(value: A, out: Collector<O>): void;
  flatMap2(value: B, out: Collector<O>): void;
}
export interface CoProcessFunction<A, B, O> extends RichFunction {
  processElement1(value: A, context: ProcessContext, out: Collector<O>): void;
  processElement2(value: B, context: ProcessContext, out: Collector<O>): void;
}

/** Names a side output; the type parameter is the type of its records. */
export class OutputTag<T> {
  declare protected readonly recordType: T;
  constructor(readonly id: string) {}
}
