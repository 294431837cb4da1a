import type { AggregateFunction, FoldFunction, ReduceFunction } from '../functions/functions.js';
import type { RichFunction } from '../functions/runtime-context.js';
import type { Evictor } from '../windowing/evictor.js';
import type { ProcessJoinFunction } from '../windowing/join-functions.js';
import type { Trigger } from '../windowing/trigger.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { ProcessWindowFunction, WindowFunction } from '../windowing/window-functions.js';
import type { Window } from '../windowing/windows.js';
import type { BuiltInAggregation } from './stream-graph.js';

/** What a window keeps of its records. */
export type WindowContents =
  | { readonly kind: 'reduce'; readonly reduce: ReduceFunction<unknown> }
  | { readonly kind: 'aggregate'; readonly aggregate: AggregateFunction<unknown, unknown, unknown> }
  | { readonly kind: 'fold'; readonly initial: () => unknown; readonly fold: FoldFunction<unknown, unknown> }
  | { readonly kind: 'fieldAggregate'; readonly aggregation: BuiltInAggregation; readonly field: string; readonly first: boolean }
  /** All of them, in the order in which they came. */
  | { readonly kind: 'elements' };

/** What makes results out of the one result of an incremental function, or all records. Undefined: that result itself. */
export type WindowResult =
  | { readonly kind: 'window'; readonly apply: WindowFunction<unknown, unknown, unknown, Window>['apply'] }
  | { readonly kind: 'process'; readonly process: ProcessWindowFunction<unknown, unknown, unknown, Window> }
  | undefined;

/** An operation on windows. Times in ms. */
export interface WindowSpec {
  readonly assigner: WindowAssigner<unknown, Window>;
  readonly trigger: Trigger<unknown, Window>;
  /** Whether the trigger is the assigner's own. */
  readonly defaultTrigger: boolean;
  readonly evictor: Evictor<unknown, Window> | undefined;
  readonly allowedLatenessMs: number;
  /** Side output of records that are too late; undefined: they are dropped. */
  readonly lateDataTag: string | undefined;
  readonly contents: WindowContents;
  readonly result: WindowResult;
  /** The rich functions among them. */
  readonly lifecycles: readonly RichFunction[];
}

/** A record of one of two streams in windows that both share. */
export type CoElement<A, B> = readonly [side: 0, value: A] | readonly [side: 1, value: B];

/** Pairs records of two streams whose timestamps are near each other. Times in ms. */
export interface IntervalJoinSpec {
  /** A right record joins when its timestamp is that of the left one plus `lowerMs` to `upperMs`, both included. */
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly leftLateTag: string | undefined;
  readonly rightLateTag: string | undefined;
  readonly join: ProcessJoinFunction<unknown, unknown, unknown>;
}
