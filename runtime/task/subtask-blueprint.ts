import { invariant } from '#core';
import type { StreamGraph, StreamNode } from '#api';
import type { SubtaskRestore } from '../checkpoint/handles.js';
import type { JobEdge, JobGraph, JobVertex } from '../plan/job-graph.js';
import type { SubtaskChannels } from './deployment.js';
import { operatorFailure } from './operator-failure.js';
import type { SlotEnvironment, SubtaskPlace } from './slot-environment.js';

/** What a subtask is built from. */
export interface SubtaskBlueprint {
  readonly job: JobGraph;
  readonly program: StreamGraph;
  readonly vertex: JobVertex;
  readonly channels: SubtaskChannels;
  readonly attempt: number;
  /** What it begins with; undefined: nothing. */
  readonly restore: SubtaskRestore | undefined;
  readonly maxOverdraftSegments: number;
  readonly environment: SlotEnvironment;
  /** Fails this subtask with an error that was found outside its steps. */
  readonly fail: (error: unknown) => void;
  readonly requestSplit: (nodeId: number) => void;
}

/** Where the subtask stands, for the contexts of its sources and sinks. */
export function placeOf({ vertex, channels, attempt, restore, fail }: SubtaskBlueprint, { name }: StreamNode): SubtaskPlace {
  const { subtaskIndex } = channels;
  const { parallelism } = vertex;
  return {
    subtaskIndex,
    parallelism,
    attempt,
    restoredCheckpointId: restore?.checkpointId,
    fail: (error) => {
      fail(operatorFailure(name, subtaskIndex, parallelism, error));
    },
  };
}

export function outEdges({ job, vertex }: SubtaskBlueprint): readonly JobEdge[] {
  return job.edges.filter((edge) => edge.from === vertex.id);
}

export function nodeOf(program: StreamGraph, nodeId: number): StreamNode {
  const node = program.nodes.find((candidate) => candidate.id === nodeId);
  invariant(node !== undefined, 'every operator of a job graph is a node of the program');
  return node;
}
