import { FlinkError } from '#core';
import { jobGraph as jobGraphShape } from '../control/message-shapes.js';
import type { JobGraph, JobVertex } from '../plan/job-graph.js';
import { InvalidJobGraphError } from './errors.js';

/** Whether a graph that came in holds together. Throws {@link InvalidJobGraphError}. */
export function checkGraph(graph: JobGraph): void {
  const problem = malformed(graph) ?? problemOf(graph);
  if (problem !== undefined) throw new InvalidJobGraphError(graph.jobId, problem);
}

function malformed(graph: JobGraph): string | undefined {
  try {
    jobGraphShape(graph, 'graph');
    return undefined;
  } catch (error) {
    if (error instanceof FlinkError) return error.message;
    throw error;
  }
}

function problemOf({ vertices, edges }: JobGraph): string | undefined {
  if (vertices.length === 0) return 'it has no vertices';
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  if (byId.size < vertices.length) return 'two vertices have the same id';
  const problems = [
    ...vertices.map(problemOfVertex),
    ...edges.map((edge, index) => {
      const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
      if (!from || !to) return `edge ${edge.id} leads to a vertex that is not there`;
      if (edge.id !== index) return `edge ${edge.id} is at position ${index}`;
      if (vertices.indexOf(from) >= vertices.indexOf(to)) return `edge ${edge.id} leads backwards`;
      return edge.partitioning === 'forward' && from.parallelism !== to.parallelism
        ? `edge ${edge.id} is forward between parallelism ${from.parallelism} and ${to.parallelism}`
        : undefined;
    }),
  ];
  return problems.find((problem) => problem !== undefined);
}

function problemOfVertex({ name, parallelism, maxParallelism, operators }: JobVertex): string | undefined {
  if (parallelism < 1) return `vertex "${name}" has parallelism ${parallelism}`;
  if (parallelism > maxParallelism) {
    return `vertex "${name}" has parallelism ${parallelism}, which is above its maximum of ${maxParallelism}`;
  }
  return operators.length === 0 ? `vertex "${name}" has no operators` : undefined;
}
