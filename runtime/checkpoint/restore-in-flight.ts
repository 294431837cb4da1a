import { keyGroupRange } from '#core';
import type { JobEdge, JobGraph, JobVertex } from '../plan/job-graph.js';
import { isOn, nameOfEdge } from '../plan/channel-names.js';
import type { ChannelPart, RestoredInFlight } from './handles.js';
import type { CheckpointMetadata } from './metadata.js';
import { UnclaimedInFlightDataError } from './restore-errors.js';

/**
 * What was in flight to the subtasks of a vertex, for each of its subtasks now: whoever is given a part passes over the records that
 * belong to another.
 */
export function inFlightOf(metadata: CheckpointMetadata, graph: JobGraph, vertex: JobVertex): readonly RestoredInFlight[] {
  const edges = graph.edges.filter(({ to }) => to === vertex.id);
  const former = formerParallelism(metadata, vertex);
  return Array.from({ length: vertex.parallelism }, (_, subtaskIndex) => {
    const wanted = edges.map((edge) => ({
      name: nameOfEdge(graph, edge),
      consumers: new Set(formerConsumers(edge, vertex, subtaskIndex, former)),
    }));
    const isWanted = ({ channel }: ChannelPart): boolean =>
      wanted.some(({ name, consumers }) => isOn(name, channel) && consumers.has(channel.consumer));
    const handles = metadata.inFlight.map(({ bytes, parts }) => ({ bytes, parts: parts.filter(isWanted) }));
    return { handles: handles.filter(({ parts }) => parts.length > 0), shared: former !== vertex.parallelism };
  });
}

/** Throws {@link UnclaimedInFlightDataError} (user) when something was in flight on an edge that the program does not have. */
export function checkInFlight(metadata: CheckpointMetadata, graph: JobGraph, path: string): void {
  const names = graph.edges.map((edge) => nameOfEdge(graph, edge));
  for (const { parts } of metadata.inFlight) {
    for (const { channel, segments } of parts) {
      if (segments.length > 0 && !names.some((name) => isOn(name, channel))) throw new UnclaimedInFlightDataError(path, channel);
    }
  }
}

function formerParallelism({ operators }: CheckpointMetadata, { operators: [head], parallelism }: JobVertex): number {
  return operators.find(({ operatorId }) => operatorId === head?.operatorId)?.parallelism ?? parallelism;
}

/**
 * Whose records a subtask may have to process. Where the partitioning tells whose a record is, it is asked; else any subtask may take
 * it. A broadcast was seen by all, and the state of the first is given to all: so are its records.
 */
function formerConsumers(
  { partitioning }: JobEdge,
  { parallelism, maxParallelism }: JobVertex,
  subtaskIndex: number,
  former: number,
): readonly number[] {
  if (parallelism === former) return [subtaskIndex];
  const all = Array.from({ length: former }, (_, index) => index);
  switch (partitioning) {
    case 'hash': {
      const own = keyGroupRange(subtaskIndex, maxParallelism, parallelism);
      return all.filter((index) => {
        const { first, last } = keyGroupRange(index, maxParallelism, former);
        return first <= own.last && last >= own.first;
      });
    }
    case 'custom':
      return all;
    case 'broadcast':
      return all.slice(0, 1);
    default:
      return all.filter((index) => index % parallelism === subtaskIndex);
  }
}
