import { SharedOutputError } from '../errors.js';
import type { StreamGraph } from './stream-graph.js';

/** Where a graph is validated. */
export interface ValidationPlace {
  /** Whether the sources will read where they are asked now; a cluster elsewhere has other files. */
  readonly inputVisible: boolean;
}

/**
 * Asks every source and sink of a graph whether it can run: input that is missing, output that may not be overwritten, or is that of
 * two sinks. For whoever takes a graph for submission; a replay must not call it. Throws what the first of them throws, and
 * `SharedOutputError` (user).
 */
export async function validateEndpoints(
  graph: StreamGraph,
  configuration: Readonly<Record<string, string>>,
  { inputVisible }: ValidationPlace = { inputVisible: true },
): Promise<void> {
  checkOutputs(graph);
  for (const { spec, parallelism } of graph.nodes) {
    if (spec.kind === 'source' && inputVisible) await spec.source.validate?.({ parallelism, configuration });
    if (spec.kind === 'sink') await spec.sink.validate?.({ parallelism, configuration });
  }
}

function checkOutputs(graph: StreamGraph): void {
  const writers = new Map<string, string>();
  for (const { spec, name } of graph.nodes) {
    const path = spec.kind === 'sink' ? spec.sink.writesTo?.() : undefined;
    if (path === undefined) continue;
    const other = writers.get(path);
    if (other !== undefined) throw new SharedOutputError(path, [other, name]);
    writers.set(path, name);
  }
}
