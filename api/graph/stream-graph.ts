import type { JobId, TypeInfo } from '#core';
import type {
  AggregateFunction,
  CoFlatMapFunction,
  CoMapFunction,
  CoProcessFunction,
  FilterFunction,
  FlatMapFunction,
  FoldFunction,
  KeySelector,
  MapFunction,
  Partitioner,
  ProcessFunction,
  ReduceFunction,
} from '../functions/functions.js';
import type { KeyedCoProcessFunction, KeyedProcessFunction } from '../functions/keyed-process.js';
import type { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from '../functions/broadcast-process.js';
import type { RichFunction } from '../functions/runtime-context.js';
import type { AsyncWait } from '../async/async-function.js';
import type { Sink } from '../connector/sink.js';
import type { Source } from '../connector/source.js';
import type { WatermarkStrategy } from '../time/watermark-strategy.js';
import type { IntervalJoinSpec, WindowSpec } from './window-spec.js';

/** How a keyed stream finds the key of a record. `field` is set when it is a plain field path, such as `a.b` or `0`. */
export interface KeySpec {
  readonly select: KeySelector<unknown, unknown>;
  readonly field?: string;
  readonly type?: TypeInfo;
}

export type BuiltInAggregation = 'sum' | 'min' | 'max' | 'minBy' | 'maxBy';

/**
 * What an operator does. The functions in it are live objects of the program; every slot finds them by replaying it.
 * `lifecycle` is the rich function behind a plain call, whose `open` and `close` are to be called.
 */
export type OperatorSpec =
  /** `watermarks`: made where the source reads, for each of its splits. */
  | { readonly kind: 'source'; readonly source: Source<unknown>; readonly watermarks?: WatermarkStrategy<unknown> }
  | { readonly kind: 'timestamps'; readonly watermarks: WatermarkStrategy<unknown> }
  | { readonly kind: 'map'; readonly map: MapFunction<unknown, unknown>; readonly lifecycle?: RichFunction }
  | { readonly kind: 'filter'; readonly filter: FilterFunction<unknown>; readonly lifecycle?: RichFunction }
  | { readonly kind: 'flatMap'; readonly flatMap: FlatMapFunction<unknown, unknown>; readonly lifecycle?: RichFunction }
  /** On keyed input with state and timers. */
  | { readonly kind: 'process'; readonly process: ProcessFunction<unknown, unknown> | KeyedProcessFunction<unknown, unknown, unknown> }
  /** Keyed: emits the running reduction of each key (streaming), or each key's final one (batch). */
  | { readonly kind: 'reduce'; readonly key: KeySpec; readonly reduce: ReduceFunction<unknown>; readonly lifecycle?: RichFunction }
  /** Keyed: running (or, in batch, final) sum, minimum, maximum of one field; the `By` forms keep the whole record. */
  | {
      readonly kind: 'fieldAggregate';
      readonly key: KeySpec;
      readonly aggregation: BuiltInAggregation;
      readonly field: string;
      readonly first: boolean;
    }
  | { readonly kind: 'fold'; readonly key: KeySpec; readonly initial: () => unknown; readonly fold: FoldFunction<unknown, unknown> }
  | { readonly kind: 'aggregate'; readonly key: KeySpec; readonly aggregate: AggregateFunction<unknown, unknown, unknown> }
  | ({ readonly kind: 'window'; readonly key: KeySpec } & WindowSpec)
  /** Two inputs, each with its key. The elements of the windows are `CoElement`s. */
  | ({ readonly kind: 'windowCoGroup'; readonly key: KeySpec; readonly secondKey: KeySpec } & WindowSpec)
  | ({ readonly kind: 'intervalJoin'; readonly key: KeySpec; readonly secondKey: KeySpec } & IntervalJoinSpec)
  | { readonly kind: 'coMap'; readonly coMap: CoMapFunction<unknown, unknown, unknown> }
  | { readonly kind: 'coFlatMap'; readonly coFlatMap: CoFlatMapFunction<unknown, unknown, unknown> }
  | {
      readonly kind: 'coProcess';
      readonly coProcess: CoProcessFunction<unknown, unknown, unknown> | KeyedCoProcessFunction<unknown, unknown, unknown, unknown>;
    }
  /** The second input is broadcast. Keyed when the first one is; `states` are the names of the broadcast states. */
  | {
      readonly kind: 'broadcastProcess';
      readonly process:
        BroadcastProcessFunction<unknown, unknown, unknown> | KeyedBroadcastProcessFunction<unknown, unknown, unknown, unknown>;
      readonly states: readonly string[];
    }
  | { readonly kind: 'asyncWait'; readonly wait: AsyncWait }
  /** Lets its input through, and with it what the tails of its loop hand it, to the main output or to a side output. */
  | {
      readonly kind: 'iterationHead';
      /** ms without feedback after which it ends, once its input has; 0: never. */
      readonly maxWaitMs: number;
      readonly feedbackTag: string | undefined;
      readonly feedbackType?: TypeInfo;
    }
  /** Hands its input to the head of a loop. */
  | { readonly kind: 'iterationTail'; readonly head: number }
  | { readonly kind: 'sink'; readonly sink: Sink<unknown> };

/** How records are spread over the subtasks of the next operator. */
export type Partitioning =
  | { readonly kind: 'forward' | 'rebalance' | 'rescale' | 'shuffle' | 'broadcast' | 'global' }
  | { readonly kind: 'hash'; readonly key: KeySpec }
  | { readonly kind: 'custom'; readonly key: KeySpec; readonly partitioner: Partitioner<unknown> };
export type PartitioningKind = Partitioning['kind'];

export type ChainingStrategy =
  /** May be chained to its input, and its consumers to it. */
  | 'always'
  /** Starts a chain; its consumers may be chained to it. */
  | 'head'
  | 'never';

/** An operator of the program. */
export interface StreamNode {
  /** Position in the program, from 1; the same in every replay. */
  readonly id: number;
  readonly spec: OperatorSpec;
  /** Shown to people; by default the kind of operator in Flink's words ("Map", "Flat Map", "Sink: Print to Std. Out"). */
  name: string;
  uid: string | undefined;
  uidHash: string | undefined;
  parallelism: number;
  maxParallelism: number | undefined;
  slotSharingGroup: string;
  chaining: ChainingStrategy;
  /** ms; 0 flushes after every record, -1 only when a buffer is full. */
  bufferTimeoutMs: number;
  /** Declared type of the output; undefined: inferred from the first records. */
  outputType: TypeInfo | undefined;
}

export interface StreamEdge {
  readonly from: number;
  readonly to: number;
  /** Which input of the consumer, from 0. */
  readonly input: number;
  readonly partitioning: Partitioning;
  /** Set when the edge carries a side output. */
  readonly outputTag: string | undefined;
}

export type RuntimeMode = 'STREAMING' | 'BATCH';

/** `AUTOMATIC`: a batch when all sources are bounded. */
export type RequestedRuntimeMode = RuntimeMode | 'AUTOMATIC';

/** Settings of a job that are shipped with it. */
export interface ExecutionSettings {
  readonly runtimeMode: RuntimeMode;
  readonly maxParallelism: number | undefined;
  readonly chaining: boolean;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  /** What the program sets by keys of the configuration: it wins over that of its client, which wins over the cluster's. */
  readonly configuration: Readonly<Record<string, string>>;
  /** ms between two watermarks that are made at intervals; 0: none are. */
  readonly autoWatermarkIntervalMs: number;
}

/** A program as a graph of its operators. Plain data but for the functions in `spec` and `partitioning`. */
export interface StreamGraph {
  readonly name: string;
  readonly settings: ExecutionSettings;
  readonly nodes: readonly StreamNode[];
  readonly edges: readonly StreamEdge[];
}

/** What `execute` answers. */
export interface JobExecutionResult {
  readonly jobId: JobId;
  readonly netRuntimeMs: number;
  readonly accumulators: Readonly<Record<string, unknown>>;
}

/** A running job, as seen by the program that started it. */
export interface JobClient {
  readonly jobId: JobId;
  status(): Promise<string>;
  cancel(): Promise<void>;
  /** Ends when the job does; throws its failure. */
  result(): Promise<JobExecutionResult>;
  /** Batches of records of a collect sink, in the order they come; ends with the job. */
  collect(collectorId: string): AsyncIterable<unknown>;
}

/**
 * Runs stream graphs; handed to the API by the entry point: a local cluster, a remote one, or the replay in a slot.
 * `execute` calls it once per job, in the order of the program.
 */
export interface Executor {
  submit(graph: StreamGraph): Promise<JobClient>;
  /** Runs a side effect of `main` at submission and answers its result; in a replay, the shipped result. */
  once<T>(effect: () => T | Promise<T>): Promise<T>;
}
