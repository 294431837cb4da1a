import { createHash } from 'node:crypto';
import { FlinkError } from '#core';
import type { StreamEdge, StreamGraph, StreamNode } from '#api';

/** Two operators would have the same id, so that neither could tell its state from the other's. */
export class DuplicateOperatorIdError extends FlinkError {
  constructor(
    readonly operatorId: string,
    readonly first: string,
    readonly second: string,
  ) {
    super({
      code: 'DUPLICATE_OPERATOR_ID',
      message: `operators "${first}" and "${second}" have the same id "${operatorId}", which "setUidHash" gave to one of them or to both`,
      action: 'Give each operator a uid hash of its own; take it from the logs of the job whose state is to be restored.',
      blame: 'user',
    });
  }
}

/**
 * The id by which state finds its operator: 32 hexadecimal digits from `uidHash`, else from `uid`, else from the operator's
 * position, kind and inputs, so that an unchanged program gets the same ids again. Throws {@link DuplicateOperatorIdError}.
 */
export function operatorIds(graph: StreamGraph): ReadonlyMap<number, string> {
  const ids = new Map<number, string>();
  const owners = new Map<string, StreamNode>();
  for (const node of graph.nodes) {
    const id = node.uidHash ?? digest(node.uid === undefined ? positionOf(node, graph.edges, ids) : `uid:${node.uid}`);
    const owner = owners.get(id);
    if (owner !== undefined) throw new DuplicateOperatorIdError(id, shown(owner), shown(node));
    owners.set(id, node);
    ids.set(node.id, id);
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

/** Several operators may have one name. */
function shown({ name, id }: StreamNode): string {
  return `${name}-${id}`;
}
