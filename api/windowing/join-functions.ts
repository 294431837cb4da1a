import type { Collector, OutputTag } from '../functions/functions.js';
import type { RichFunction } from '../functions/runtime-context.js';

/** Makes one result of a pair of records. */
export interface JoinFunction<A, B, O> extends RichFunction {
  join(first: A, second: B): O;
}

/** Makes any number of results of a pair of records. */
export interface FlatJoinFunction<A, B, O> extends RichFunction {
  join(first: A, second: B, out: Collector<O>): void;
}

/** Makes results of all records of a key in a window, of two streams; one of the lists may be empty. */
export interface CoGroupFunction<A, B, O> extends RichFunction {
  coGroup(first: readonly A[], second: readonly B[], out: Collector<O>): void;
}

/** What a join function learns of the pair at hand. Times in ms since 1970 UTC. */
export interface ProcessJoinContext {
  readonly leftTimestamp: number;
  readonly rightTimestamp: number;
  /** That of the results: the later one of the two. */
  readonly timestamp: number;
  /** Emits to a side output. */
  output<X>(tag: OutputTag<X>, value: X): void;
}

/** Makes results of pairs of records whose timestamps are near each other. */
export interface ProcessJoinFunction<A, B, O> extends RichFunction {
  processElement(left: A, right: B, context: ProcessJoinContext, out: Collector<O>): void;
}
