import type { SubtaskId } from '../task/deployment.js';
import type { JobGraph } from './job-graph.js';

/** All subtasks of a job, vertex by vertex. */
export function subtasksOf(graph: JobGraph): readonly SubtaskId[] {
  return graph.vertices.flatMap(({ id, parallelism }) =>
    Array.from({ length: parallelism }, (_, subtaskIndex) => ({ vertexId: id, subtaskIndex })),
  );
}

/** A name that no other subtask of the job has. */
export function nameOfSubtask({ vertexId, subtaskIndex }: SubtaskId): string {
  return `${vertexId}/${subtaskIndex}`;
}
