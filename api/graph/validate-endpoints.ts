import type { StreamGraph } from './stream-graph.js';

/**
 * Asks every source and sink of a graph whether it can run: input that is missing, output that may not be overwritten.
 * For whoever takes a graph for submission; a replay must not call it. Throws what the first of them throws.
 */
export async function validateEndpoints(graph: StreamGraph, configuration: Readonly<Record<string, string>>): Promise<void> {
  for (const { spec, parallelism } of graph.nodes) {
    if (spec.kind === 'source') await spec.source.validate?.({ parallelism, configuration });
    if (spec.kind === 'sink') await spec.sink.validate?.({ parallelism, configuration });
  }
}
