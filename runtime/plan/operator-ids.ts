import { createHash } from 'node:crypto';
import type { StreamEdge, StreamGraph, StreamNode } from '#api';

/**
 * The id by which state finds its operator: 32 hexadecimal digits from `uidHash`, else from `uid`, else from the operator's
 * position, kind and inputs, so that an unchanged program gets the same ids again.
 */
export function operatorIds(graph: StreamGraph): ReadonlyMap<number, string> {
  const ids = new Map<number, string>();
  for (const node of graph.nodes) {
    ids.set(node.id, node.uidHash ?? digest(node.uid === undefined ? positionOf(node, graph.edges, ids) : `uid:${node.uid}`));
  }
  return ids;
}

function positionOf(node: StreamNode, edges: readonly StreamEdge[], ids: ReadonlyMap<number, string>): string {
  const inputs = edges
    .filter((edge) => edge.to === node.id)
    .map((edge) => `${edge.input}:${edge.outputTag ?? ''}:${ids.get(edge.from) ?? 'feedback'}`);
  return `position:${node.id}:${node.spec.kind}:${inputs.join(',')}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
