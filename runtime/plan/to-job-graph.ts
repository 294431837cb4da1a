import { defaultMaxParallelism, FlinkError, type JobId, type VertexId } from '#core';
import { describeGraph, graphFingerprint, type Sink, type Source, type StreamEdge, type StreamGraph, type StreamNode } from '#api';
import { encodeToBase64 } from './plain-values.js';
import { chainName, type Chain, formChains } from './chaining.js';
import type { JobEdge, JobGraph, JobVertex, ProgramReference } from './job-graph.js';
import { operatorIds } from './operator-ids.js';

/** The parallelism of an operator is above its maximum. */
export class ParallelismAboveMaximumError extends FlinkError {
  constructor(
    readonly operator: string,
    readonly parallelism: number,
    readonly maxParallelism: number,
  ) {
    super({
      code: 'PARALLELISM_ABOVE_MAXIMUM',
      message: `operator "${operator}" has parallelism ${parallelism}, above its max parallelism ${maxParallelism}`,
      action: 'Lower the parallelism, or raise it with "setMaxParallelism".',
      blame: 'user',
    });
  }
}

/** Makes the job graph of a stream graph: chains, exchanges, stable ids, and what is shipped along. */
export function toJobGraph(graph: StreamGraph, jobId: JobId, program: ProgramReference): JobGraph {
  const ids = operatorIds(graph);
  const chains = formChains(graph);
  const chainOf = new Map(chains.flatMap((chain) => chain.nodes.map((node) => [node.id, chain] as const)));
  const vertexId = (nodeId: number): VertexId => ids.get(chainOf.get(nodeId)?.head.id ?? nodeId) as VertexId;
  const links = new Set(chains.flatMap((chain) => chain.links));
  return {
    jobId,
    name: graph.name,
    fingerprint: graphFingerprint(graph),
    description: JSON.stringify(describeGraph(graph)),
    settings: graph.settings,
    vertices: chains.map((chain) => toVertex(graph, chain, ids)),
    edges: graph.edges.filter((edge) => !links.has(edge)).map((edge, id) => toEdge(graph, edge, id, vertexId)),
    program,
    shipped: shippedValues(graph),
    scratch: graph.nodes.flatMap((node) => (node.spec.kind === 'sink' ? [...(node.spec.sink.scratch?.(jobId) ?? [])] : [])),
  };
}

function toVertex(graph: StreamGraph, chain: Chain, ids: ReadonlyMap<number, string>): JobVertex {
  const { head } = chain;
  return {
    id: ids.get(head.id) as VertexId,
    name: chainName(chain),
    parallelism: head.parallelism,
    maxParallelism: maxParallelismOf(graph, head),
    slotSharingGroup: head.slotSharingGroup,
    operators: chain.nodes.map((node) => ({
      nodeId: node.id,
      name: node.name,
      kind: node.spec.kind,
      operatorId: ids.get(node.id) ?? '',
      ...(node.uid !== undefined && { uid: node.uid }),
    })),
    links: chain.links.map(({ from, to, outputTag }) => ({ from, to, outputTag })),
    coordinated: head.spec.kind === 'source' && head.spec.source.createEnumerator !== undefined,
  };
}

function maxParallelismOf(graph: StreamGraph, node: StreamNode): number {
  const maxParallelism = node.maxParallelism ?? graph.settings.maxParallelism ?? defaultMaxParallelism(node.parallelism);
  if (node.parallelism > maxParallelism) throw new ParallelismAboveMaximumError(node.name, node.parallelism, maxParallelism);
  return maxParallelism;
}

function toEdge(graph: StreamGraph, edge: StreamEdge, id: number, vertexId: (nodeId: number) => VertexId): JobEdge {
  const producer = graph.nodes.find((node) => node.id === edge.from);
  const consumer = graph.nodes.find((node) => node.id === edge.to);
  return {
    id,
    from: vertexId(edge.from),
    fromNode: edge.from,
    to: vertexId(edge.to),
    toNode: edge.to,
    input: edge.input,
    partitioning: edge.partitioning.kind,
    outputTag: edge.outputTag,
    bufferTimeoutMs: producer?.bufferTimeoutMs ?? -1,
    combine: graph.settings.runtimeMode === 'BATCH' && edge.partitioning.kind === 'hash' && combines(consumer),
  };
}

/**
 * Whether reducing some records of a key first and the results later gives the same as reducing all at once. Not with a rich function: it
 * is opened only where its operator runs.
 */
function combines(consumer: StreamNode | undefined): boolean {
  const spec = consumer?.spec;
  return spec?.kind === 'fieldAggregate' || (spec?.kind === 'reduce' && spec.lifecycle === undefined);
}

/** The source or the sink of an operator: what may have something shipped along. */
export function endpointOf({ spec }: StreamNode): Source<unknown> | Sink<unknown> | undefined {
  if (spec.kind === 'source') return spec.source;
  return spec.kind === 'sink' ? spec.sink : undefined;
}

function shippedValues(graph: StreamGraph): Readonly<Record<string, string>> {
  const shipped: Record<string, string> = {};
  for (const node of graph.nodes) {
    const values = endpointOf(node)?.shipped?.();
    if (values !== undefined) shipped[node.id] = encodeToBase64(values);
  }
  return shipped;
}
