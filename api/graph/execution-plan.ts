import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.js';

/** An operator in the shape in which Flink shows plans to its visualizer. */
export interface PlanNode {
  readonly id: number;
  readonly type: string;
  readonly pact: 'Data Source' | 'Data Sink' | 'Operator';
  readonly contents: string;
  readonly parallelism: number;
  readonly predecessors?: readonly PlanPredecessor[];
}

export interface PlanPredecessor {
  readonly id: number;
  readonly ship_strategy: string;
  readonly side: 'first' | 'second';
}

export interface ExecutionPlan {
  readonly nodes: readonly PlanNode[];
}

/** What `getExecutionPlan` and `flink-ts info` show of a graph, before operators are chained. */
export function executionPlan(graph: StreamGraph): ExecutionPlan {
  return { nodes: graph.nodes.map((node) => planNode(node, graph.edges)) };
}

function planNode(node: StreamNode, edges: readonly StreamEdge[]): PlanNode {
  const predecessors = edges.filter(({ to }) => to === node.id).map(planPredecessor);
  const plain = { id: node.id, type: node.name, pact: pactOf(node), contents: node.name, parallelism: node.parallelism };
  return predecessors.length === 0 ? plain : { ...plain, predecessors };
}

function pactOf(node: StreamNode): PlanNode['pact'] {
  if (node.spec.kind === 'source') return 'Data Source';
  return node.spec.kind === 'sink' || node.spec.kind === 'iterationTail' ? 'Data Sink' : 'Operator';
}

/** Flink writes "second" for every edge of a streaming plan. */
function planPredecessor(edge: StreamEdge): PlanPredecessor {
  return { id: edge.from, ship_strategy: edge.partitioning.kind.toUpperCase(), side: 'second' };
}
