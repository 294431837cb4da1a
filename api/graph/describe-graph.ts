import { createHash } from 'node:crypto';
import { typeToJson } from '#core';
import type { KeySpec, OperatorSpec, Partitioning, StreamEdge, StreamGraph, StreamNode } from './stream-graph.js';
import type { IntervalJoinSpec, WindowSpec } from './window-spec.js';

/** What can be said of an operator without its functions. */
export interface NodeDescription {
  readonly id: number;
  readonly kind: OperatorSpec['kind'];
  readonly name: string;
  readonly uid: string | null;
  readonly uidHash: string | null;
  readonly parallelism: number;
  readonly maxParallelism: number | null;
  readonly slotSharingGroup: string;
  readonly chaining: string;
  readonly bufferTimeoutMs: number;
  readonly outputType: unknown;
  /** What the operator's spec holds besides functions: the key's field, the aggregation and its field. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface EdgeDescription {
  readonly from: number;
  readonly to: number;
  readonly input: number;
  readonly partitioning: string;
  /** The field path of the key, null when a function finds it, or when there is no key. */
  readonly keyField: string | null;
  readonly outputTag: string | null;
}

/**
 * A graph as plain data that JSON can carry: the same for every replay of the same program with the same arguments.
 * The job's name is not part of it, since it may hold anything, the date for example.
 */
export interface GraphDescription {
  readonly runtimeMode: string;
  readonly maxParallelism: number | null;
  readonly nodes: readonly NodeDescription[];
  readonly edges: readonly EdgeDescription[];
}

export function describeGraph(graph: StreamGraph): GraphDescription {
  return {
    runtimeMode: graph.settings.runtimeMode,
    maxParallelism: graph.settings.maxParallelism ?? null,
    nodes: graph.nodes.map(describeNode),
    edges: graph.edges.map(describeEdge),
  };
}

/** SHA-256 of the graph's description, as 64 hexadecimal digits. */
export function graphFingerprint(graph: StreamGraph): string {
  return createHash('sha256')
    .update(JSON.stringify(describeGraph(graph)))
    .digest('hex');
}

function describeNode(node: StreamNode): NodeDescription {
  return {
    id: node.id,
    kind: node.spec.kind,
    name: node.name,
    uid: node.uid ?? null,
    uidHash: node.uidHash ?? null,
    parallelism: node.parallelism,
    maxParallelism: node.maxParallelism ?? null,
    slotSharingGroup: node.slotSharingGroup,
    chaining: node.chaining,
    bufferTimeoutMs: node.bufferTimeoutMs,
    outputType: node.outputType === undefined ? null : typeToJson(node.outputType),
    details: detailsOf(node.spec),
  };
}

function detailsOf(spec: OperatorSpec): Readonly<Record<string, unknown>> {
  switch (spec.kind) {
    case 'source':
      return { boundedness: spec.source.boundedness, parallel: spec.source.parallel, ...spec.watermarks?.details };
    case 'timestamps':
      return { ...spec.watermarks.details };
    case 'window':
      return { ...keyDetails(spec.key), ...windowDetails(spec) };
    case 'windowCoGroup':
      return { ...keyDetails(spec.key), secondKeyField: spec.secondKey.field ?? null, ...windowDetails(spec) };
    case 'intervalJoin':
      return { ...keyDetails(spec.key), secondKeyField: spec.secondKey.field ?? null, ...joinDetails(spec) };
    case 'asyncWait':
      return { ordered: spec.wait.ordered, timeoutMs: spec.wait.timeoutMs, capacity: spec.wait.capacity };
    case 'iterationHead':
      return { maxWaitMs: spec.maxWaitMs, feedbackTag: spec.feedbackTag ?? null };
    case 'broadcastProcess':
      return { states: spec.states };
    case 'fieldAggregate':
      return { ...keyDetails(spec.key), aggregation: spec.aggregation, field: spec.field, first: spec.first };
    case 'reduce':
    case 'fold':
    case 'aggregate':
      return keyDetails(spec.key);
    default:
      return {};
  }
}

function windowDetails({ assigner, trigger, evictor, contents, ...spec }: WindowSpec): Readonly<Record<string, unknown>> {
  return {
    assigner: assigner.toString(),
    trigger: trigger.toString(),
    evictor: evictor?.constructor.name ?? null,
    allowedLatenessMs: spec.allowedLatenessMs,
    lateDataTag: spec.lateDataTag ?? null,
    contents: contents.kind === 'fieldAggregate' ? { ...contents } : contents.kind,
    result: spec.result?.kind ?? null,
  };
}

function joinDetails({ lowerMs, upperMs, leftLateTag, rightLateTag }: IntervalJoinSpec): Readonly<Record<string, unknown>> {
  return { lowerMs, upperMs, leftLateTag: leftLateTag ?? null, rightLateTag: rightLateTag ?? null };
}

function keyDetails(key: KeySpec): Readonly<Record<string, unknown>> {
  return { keyField: key.field ?? null, keyType: key.type === undefined ? null : typeToJson(key.type) };
}

function describeEdge(edge: StreamEdge): EdgeDescription {
  return {
    from: edge.from,
    to: edge.to,
    input: edge.input,
    partitioning: edge.partitioning.kind,
    keyField: keyFieldOf(edge.partitioning),
    outputTag: edge.outputTag ?? null,
  };
}

function keyFieldOf(partitioning: Partitioning): string | null {
  return partitioning.kind === 'hash' || partitioning.kind === 'custom' ? (partitioning.key.field ?? null) : null;
}
