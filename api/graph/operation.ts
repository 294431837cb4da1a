import type { TypeInfo } from '#core';
import type { ChainingStrategy, OperatorSpec, Partitioning } from './stream-graph.js';

/**
 * Where an input of an operation comes from. Without a partitioning the graph decides: forward, or rebalance when the
 * parallelism changes.
 */
export interface StreamInput {
  readonly from: Operation;
  readonly partitioning: Partitioning | undefined;
  /** Set when the records are those of a side output. */
  readonly outputTag: string | undefined;
}

/** The streams that are united in each input of an operation: none for a source, two for a connected stream. */
export type OperationInputs = readonly (readonly StreamInput[])[];

/**
 * An operator as the program describes it, with what it reads. It outlives `execute`: a stream that is used again in
 * the next job brings its operations along. What is undefined is decided when the graph is built.
 */
export interface Operation {
  /** From 1, in the order in which the program made the operations. */
  readonly position: number;
  spec: OperatorSpec;
  readonly inputs: OperationInputs;
  name: string;
  uid: string | undefined;
  uidHash: string | undefined;
  parallelism: number;
  maxParallelism: number | undefined;
  slotSharingGroup: string | undefined;
  chaining: ChainingStrategy;
  bufferTimeoutMs: number | undefined;
  outputType: TypeInfo | undefined;
  /** Only ever runs with parallelism 1. */
  nonParallel: boolean;
  /** Of the head of a loop: what hands it the feedback, in its own slots. */
  readonly tails: Operation[];
  /** Of the tail of a loop: its head. */
  head: Operation | undefined;
}

/** How an operation is shown in messages. */
export function shownOperation(operation: Operation): string {
  return `${operation.name}-${operation.position}`;
}
