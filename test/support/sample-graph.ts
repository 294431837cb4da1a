import { type BlobKey, newJobId, type VertexId } from '#core';
import { type PartitioningKind, RestartStrategies } from '#api';
import type { JobEdge, JobGraph, JobVertex } from '../../runtime/plan/job-graph.js';

export interface SampleVertex {
  readonly parallelism: number;
  readonly group?: string;
  /** How it gets the records of the vertex before it. */
  readonly partitioning?: PartitioningKind;
}

/** A job graph of vertices in a row, for tests that run no program. */
export function sampleGraph(
  bundle: BlobKey,
  vertices: readonly SampleVertex[],
  changes: Partial<JobGraph> & { restartAttempts?: number } = {},
): JobGraph {
  const { restartAttempts = 0, ...rest } = changes;
  return {
    jobId: newJobId(),
    name: 'sample',
    fingerprint: 'f',
    description: '',
    settings: {
      runtimeMode: 'STREAMING',
      maxParallelism: undefined,
      chaining: true,
      globalJobParameters: {},
      configuration: restarting(restartAttempts),
      autoWatermarkIntervalMs: 200,
    },
    vertices: vertices.map(toVertex),
    edges: vertices.slice(1).map((vertex, index) => toEdge(vertex, index)),
    program: {
      bundle,
      file: 'job.ts',
      args: [],
      entry: undefined,
      executionIndex: 0,
      clockStartMs: 0,
      randomSeed: 1,
      environment: {},
      defaultParallelism: 1,
      configuration: {},
      onceResults: [],
      earlierResults: [],
    },
    shipped: {},
    scratch: [],
    ...rest,
  };
}

/** As often as told, at once. */
function restarting(attempts: number): Readonly<Record<string, string>> {
  return attempts === 0 ? { 'restart-strategy': 'none' } : RestartStrategies.fixedAttempts(attempts).configuration;
}

export function vertexId(index: number): VertexId {
  return index.toString(16).padStart(32, '0') as VertexId;
}

function toVertex({ parallelism, group = 'default' }: SampleVertex, index: number): JobVertex {
  return {
    id: vertexId(index),
    name: `Step ${index}`,
    parallelism,
    maxParallelism: 128,
    slotSharingGroup: group,
    operators: [{ nodeId: index, name: `Step ${index}`, kind: 'map', operatorId: vertexId(index) }],
    links: [],
    coordinated: false,
  };
}

function toEdge({ partitioning = 'rebalance' }: SampleVertex, index: number): JobEdge {
  return {
    id: index,
    from: vertexId(index),
    fromNode: index,
    to: vertexId(index + 1),
    toNode: index + 1,
    input: 0,
    partitioning,
    outputTag: undefined,
    bufferTimeoutMs: 100,
    combine: false,
  };
}
