import type { JobEdge, JobGraph, JobVertex } from '../plan/job-graph.js';
import { producersOf } from '../plan/distribution.js';
import { nameOfSubtask, subtasksOf } from '../plan/subtasks.js';
import type { SubtaskId, TaskState } from '../task/deployment.js';

/** Who takes part in a checkpoint that begins now. */
export interface CheckpointPlan {
  /** No barrier comes to these: they have no inputs, or all of those have finished. */
  readonly toTrigger: readonly SubtaskId[];
  /** Those that run: each has to acknowledge. */
  readonly toWaitFor: readonly SubtaskId[];
  readonly finished: readonly SubtaskId[];
}

/** A subtask that cannot take part, which prevents the checkpoint. */
export interface NotRunning {
  readonly notRunning: SubtaskId;
}

/**
 * Every subtask must run or have finished (Flink's FLIP-147). Barriers enter the graph at the running subtasks whose inputs have all
 * finished; from there they come to all others.
 */
export function planCheckpoint(graph: JobGraph, stateOf: (subtask: SubtaskId) => TaskState): CheckpointPlan | NotRunning {
  const toWaitFor: SubtaskId[] = [];
  const finished: SubtaskId[] = [];
  for (const subtask of subtasksOf(graph)) {
    const state = stateOf(subtask);
    if (state === 'RUNNING') toWaitFor.push(subtask);
    else if (state === 'FINISHED') finished.push(subtask);
    else return { notRunning: subtask };
  }
  const over = new Set(finished.map(nameOfSubtask));
  const toTrigger = toWaitFor.filter((subtask) =>
    inputsOf(graph, subtask).every((producers) => producers.every((producer) => over.has(nameOfSubtask(producer)))),
  );
  return { toTrigger, toWaitFor, finished };
}

/** The producers of each input. */
export function inputsOf(graph: JobGraph, { vertexId, subtaskIndex }: SubtaskId): readonly (readonly SubtaskId[])[] {
  const consumer = vertexOf(graph, vertexId);
  return graph.edges
    .filter(({ to }) => to === vertexId)
    .map((edge: JobEdge) => {
      const producer = vertexOf(graph, edge.from);
      return producersOf(edge.partitioning, subtaskIndex, producer.parallelism, consumer.parallelism).map((index) => ({
        vertexId: producer.id,
        subtaskIndex: index,
      }));
    });
}

function vertexOf(graph: JobGraph, id: string): JobVertex {
  return graph.vertices.find((vertex) => vertex.id === id)!;
}
