import type { JobEdge, JobGraph, JobVertex } from '#runtime';

/** The plan of a job, as Flink's dashboard draws it. */
export interface PlanView {
  readonly jid: string;
  readonly name: string;
  readonly type: 'STREAMING' | 'BATCH';
  readonly nodes: readonly PlanNode[];
}

interface PlanNode {
  readonly id: string;
  readonly parallelism: number;
  readonly operator: string;
  readonly operator_strategy: string;
  readonly description: string;
  /** Left out for sources. */
  readonly inputs?: readonly PlanInput[];
  readonly optimizer_properties: Readonly<Record<string, never>>;
}

interface PlanInput {
  readonly num: number;
  readonly id: string;
  readonly ship_strategy: string;
  readonly exchange: string;
}

export function planView(graph: JobGraph): PlanView {
  const batch = graph.settings.runtimeMode === 'BATCH';
  return {
    jid: graph.jobId,
    name: graph.name,
    type: graph.settings.runtimeMode,
    nodes: graph.vertices.map((vertex) => node(graph, vertex, batch)),
  };
}

function node(graph: JobGraph, vertex: JobVertex, batch: boolean): PlanNode {
  const inputs = graph.edges.filter(({ to }) => to === vertex.id).map((edge, num) => input(edge, num, batch));
  return {
    id: vertex.id,
    parallelism: vertex.parallelism,
    operator: '',
    operator_strategy: '',
    description: vertex.name,
    ...(inputs.length > 0 ? { inputs } : {}),
    optimizer_properties: {},
  };
}

function input(edge: JobEdge, num: number, batch: boolean): PlanInput {
  return { num, id: edge.from, ship_strategy: edge.partitioning.toUpperCase(), exchange: batch ? 'blocking' : 'pipelined_bounded' };
}
