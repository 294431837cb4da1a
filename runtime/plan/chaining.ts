import type { StreamEdge, StreamGraph, StreamNode } from '#api';

/** A chain being formed: operators in the order of the program, the head first, and the edges that became direct calls. */
export interface Chain {
  readonly head: StreamNode;
  readonly nodes: StreamNode[];
  readonly links: StreamEdge[];
}

/**
 * Groups operators into chains. An edge becomes a direct call when it is the only input of its consumer, keeps records where
 * they are, and neither end objects (parallelism, slot sharing group, chaining strategy).
 */
export function formChains(graph: StreamGraph): readonly Chain[] {
  const chainOf = new Map<number, Chain>();
  const chains: Chain[] = [];
  for (const node of graph.nodes) {
    const link = chainableInput(graph, node);
    const upstream = link === undefined ? undefined : chainOf.get(link.from);
    if (link === undefined || upstream === undefined) {
      const chain: Chain = { head: node, nodes: [node], links: [] };
      chainOf.set(node.id, chain);
      chains.push(chain);
    } else {
      upstream.nodes.push(node);
      upstream.links.push(link);
      chainOf.set(node.id, upstream);
    }
  }
  return chains;
}

function chainableInput(graph: StreamGraph, node: StreamNode): StreamEdge | undefined {
  if (!graph.settings.chaining || node.chaining !== 'always') return undefined;
  const inputs = graph.edges.filter((edge) => edge.to === node.id);
  const [edge] = inputs;
  if (edge === undefined || inputs.length > 1 || edge.partitioning.kind !== 'forward') return undefined;
  const upstream = graph.nodes.find((candidate) => candidate.id === edge.from);
  return upstream !== undefined && mayJoin(upstream, node) ? edge : undefined;
}

function mayJoin(upstream: StreamNode, node: StreamNode): boolean {
  return (
    upstream.chaining !== 'never' &&
    upstream.parallelism === node.parallelism &&
    upstream.maxParallelism === node.maxParallelism &&
    upstream.slotSharingGroup === node.slotSharingGroup
  );
}

/** Flink's name of a chain: `Source: a -> (Map, Filter -> Sink: b)`. */
export function chainName(chain: Chain): string {
  const nameFrom = (node: StreamNode): string => {
    const next = chain.links.filter((link) => link.from === node.id).map((link) => chain.nodes.find((other) => other.id === link.to));
    const names = next.filter((child) => child !== undefined).map(nameFrom);
    if (names.length === 0) return node.name;
    return `${node.name} -> ${names.length === 1 ? names.join('') : `(${names.join(', ')})`}`;
  };
  return nameFrom(chain.head);
}
