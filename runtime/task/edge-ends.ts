import { invariant, type RecordConsumer, type TypeInfo } from '#core';
import type { Partitioning, StreamGraph } from '#api';
import type { ChainGate } from '../chain/chain-plan.js';
import { InputGate, type InputGateOptions } from '../exchange/input-gate.js';
import { ResultPartition } from '../exchange/result-partition.js';
import type { TimeOrder } from '../exchange/time-order.js';
import { CombiningExit } from '../operators/combining-exit.js';
import { reducerOf } from '../operators/create-stage.js';
import { nameOfEdge } from '../plan/channel-names.js';
import type { JobEdge, JobGraph } from '../plan/job-graph.js';
import type { SubtaskChannels } from './deployment.js';
import { ownership, type ReplayedEdge } from './replayed-channels.js';
import type { SlotEnvironment } from './slot-environment.js';
import type { TaskExit } from './task-exit.js';

/** What both ends of an edge are made from. */
export interface EdgeContext {
  readonly job: JobGraph;
  readonly program: StreamGraph;
  readonly channels: SubtaskChannels;
  readonly maxOverdraftSegments: number;
  readonly environment: Pick<SlotEnvironment, 'overtaking'>;
}

/** The receiving end of an edge in one subtask. */
export function gateOf(
  edge: JobEdge,
  context: EdgeContext,
  order: TimeOrder,
  { look, onEvent }: Pick<InputGateOptions, 'look' | 'onEvent'>,
): InputGate {
  const { program, channels, environment } = context;
  const { overtaking } = environment;
  return new InputGate({ channels: channels.inputs[edge.id] ?? [], type: typeOn(edge, program), look, onEvent, overtaking, order });
}

/** What was in flight on an edge to one subtask, once it is processed. */
export function replayOf(edge: JobEdge, { job, program, channels }: EdgeContext, consume: RecordConsumer): ReplayedEdge {
  const consumer = job.vertices.find((vertex) => vertex.id === edge.to);
  invariant(consumer !== undefined, 'an edge leads to a vertex');
  return {
    name: nameOfEdge(job, edge),
    type: typeOn(edge, program),
    consume,
    isOwn: ownership(partitioningOf(edge, program), channels.subtaskIndex, consumer.parallelism, consumer.maxParallelism),
  };
}

/** The sending end of an edge in one subtask; it combines before it sends where the plan says so. */
export function exitOf(edge: JobEdge, context: EdgeContext, gate: ChainGate): TaskExit {
  const { job, program, channels } = context;
  const producer = program.nodes.find((node) => node.id === edge.fromNode);
  const consumer = job.vertices.find((vertex) => vertex.id === edge.to);
  const partition = new ResultPartition({
    operatorName: producer?.name ?? 'unknown',
    subtaskIndex: channels.subtaskIndex,
    partitioning: partitioningOf(edge, program),
    channels: channels.outputs[edge.id] ?? [],
    type: typeOn(edge, program),
    maxParallelism: consumer?.maxParallelism ?? 1,
    bufferTimeoutMs: edge.bufferTimeoutMs,
    gate,
    maxOverdraftSegments: context.maxOverdraftSegments,
  });
  return edge.combine ? combining(edge, program, partition, gate) : partition;
}

function combining(edge: JobEdge, program: StreamGraph, exit: TaskExit, gate: ChainGate): TaskExit {
  const spec = program.nodes.find((node) => node.id === edge.toNode)?.spec;
  invariant(spec?.kind === 'reduce' || spec?.kind === 'fieldAggregate', 'only reducing operators are combined for');
  return new CombiningExit(exit, () => reducerOf(spec), gate);
}

/** The live partitioning of the edge, with its key selector. */
function partitioningOf(edge: JobEdge, program: StreamGraph): Partitioning {
  const found = program.edges.find(
    (candidate) =>
      candidate.from === edge.fromNode &&
      candidate.to === edge.toNode &&
      candidate.input === edge.input &&
      candidate.outputTag === edge.outputTag &&
      candidate.partitioning.kind === edge.partitioning,
  );
  invariant(found !== undefined, 'every edge of a job graph is an edge of the program');
  return found.partitioning;
}

/** The declared type of what the edge carries; side outputs have none. */
function typeOn(edge: JobEdge, program: StreamGraph): TypeInfo | undefined {
  return edge.outputTag === undefined ? program.nodes.find((node) => node.id === edge.fromNode)?.outputType : undefined;
}
