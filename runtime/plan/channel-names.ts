import { invariant } from '#core';
import type { ChannelName } from '../checkpoint/handles.js';
import { consumersOf, producersOf } from './distribution.js';
import type { JobEdge, JobGraph, JobVertex } from './job-graph.js';

/** An edge, by the operators at its ends. */
export type EdgeName = Omit<ChannelName, 'producer' | 'consumer'>;

/** The channels of an edge that come into one subtask, in the order of `producersOf`. */
export function inputChannels(job: JobGraph, edge: JobEdge, consumer: number): readonly ChannelName[] {
  const { from, to } = endsOf(job, edge);
  const name = nameOfEdge(job, edge);
  return producersOf(edge.partitioning, consumer, from.parallelism, to.parallelism).map((producer) => ({ ...name, producer, consumer }));
}

/** The channels of an edge that go out of one subtask, in the order of `consumersOf`. */
export function outputChannels(job: JobGraph, edge: JobEdge, producer: number): readonly ChannelName[] {
  const { from, to } = endsOf(job, edge);
  const name = nameOfEdge(job, edge);
  return consumersOf(edge.partitioning, producer, from.parallelism, to.parallelism).map((consumer) => ({ ...name, producer, consumer }));
}

/** Whether the channel is one of the edge. */
export function isOn(edge: EdgeName, channel: ChannelName): boolean {
  return edge.from === channel.from && edge.to === channel.to && edge.input === channel.input && edge.outputTag === channel.outputTag;
}

/** What the edge is called in checkpoints. */
export function nameOfEdge(job: JobGraph, edge: JobEdge): EdgeName {
  const { from, to } = endsOf(job, edge);
  const name = { from: operatorOf(from, edge.fromNode), to: operatorOf(to, edge.toNode), input: edge.input };
  return edge.outputTag === undefined ? name : { ...name, outputTag: edge.outputTag };
}

function endsOf({ vertices }: JobGraph, edge: JobEdge): { readonly from: JobVertex; readonly to: JobVertex } {
  const from = vertices.find(({ id }) => id === edge.from);
  const to = vertices.find(({ id }) => id === edge.to);
  invariant(from !== undefined && to !== undefined, 'an edge connects vertices of its job');
  return { from, to };
}

function operatorOf({ operators }: JobVertex, node: number): string {
  const operator = operators.find(({ nodeId }) => nodeId === node);
  invariant(operator !== undefined, 'an edge connects operators of its vertices');
  return operator.operatorId;
}
