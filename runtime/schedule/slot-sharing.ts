import type { SubtaskId } from '../task/deployment.js';
import type { JobGraph } from '../plan/job-graph.js';

/** A slot that a job needs, and what shares it: subtask `index` of every vertex of a slot sharing group that has so many. */
export interface SlotRequest {
  readonly group: string;
  readonly index: number;
  readonly subtasks: readonly SubtaskId[];
}

/** The slots a job needs: for each slot sharing group as many as its widest vertex has subtasks. In the order of the graph. */
export function slotRequestsOf(graph: JobGraph): readonly SlotRequest[] {
  const groups = [...new Set(graph.vertices.map((vertex) => vertex.slotSharingGroup))];
  return groups.flatMap((group) => {
    const vertices = graph.vertices.filter((vertex) => vertex.slotSharingGroup === group);
    const width = Math.max(...vertices.map((vertex) => vertex.parallelism));
    return Array.from({ length: width }, (_, index) => ({
      group,
      index,
      subtasks: vertices.filter((vertex) => vertex.parallelism > index).map((vertex) => ({ vertexId: vertex.id, subtaskIndex: index })),
    }));
  });
}
