import { FLINK_TS_VERSION } from '#core';
import type { JobGraph, JobVertex } from '../plan/job-graph.js';
import type { OperatorSnapshot, SubtaskSnapshot } from './handles.js';
import type { CheckpointMetadata, FinishedTasks, OperatorMetadata } from './metadata.js';
import type { PendingCheckpoint } from './pending-checkpoint.js';

/** What is written of a checkpoint that all have acknowledged. */
export function assembleMetadata(graph: JobGraph, pending: PendingCheckpoint): CheckpointMetadata {
  const { checkpointId, timestampMs, options } = pending.parts;
  return {
    checkpointId,
    timestampMs,
    kind: options.kind,
    jobId: graph.jobId,
    jobName: graph.name,
    writtenBy: FLINK_TS_VERSION,
    operators: graph.vertices.flatMap((vertex) => operatorsOf(vertex, pending)),
    finished: graph.vertices.map((vertex) => finishedOf(vertex, pending)).filter(({ subtasks }) => subtasks.size > 0),
    inFlight: pending.contributions.flatMap(({ snapshot: { inFlight } }) => (inFlight === undefined ? [] : [inFlight])),
  };
}

function operatorsOf(vertex: JobVertex, pending: PendingCheckpoint): readonly OperatorMetadata[] {
  const contributions = pending.contributions.filter(({ subtask }) => subtask.vertexId === vertex.id);
  return vertex.operators.map(({ operatorId, name, uid }) => {
    const states = contributions.map(({ subtask, snapshot }) => [subtask.subtaskIndex, snapshot.operators[operatorId]] as const);
    return {
      operatorId,
      name,
      uid,
      vertexId: vertex.id,
      parallelism: vertex.parallelism,
      maxParallelism: vertex.maxParallelism,
      subtasks: sortedMap(states.filter((entry): entry is readonly [number, OperatorSnapshot] => entry[1] !== undefined)),
    };
  });
}

function finishedOf({ id, name, parallelism }: JobVertex, pending: PendingCheckpoint): FinishedTasks {
  const subtasks = pending.contributions.flatMap(({ subtask, snapshot: { finished } }) =>
    subtask.vertexId === id && finished ? [[subtask.subtaskIndex, finished] as const] : [],
  );
  return { vertexId: id, name, parallelism, subtasks: sortedMap<NonNullable<SubtaskSnapshot['finished']>>(subtasks) };
}

function sortedMap<T>(entries: readonly (readonly [number, T])[]): ReadonlyMap<number, T> {
  return new Map(entries.toSorted(([one], [other]) => one - other));
}
