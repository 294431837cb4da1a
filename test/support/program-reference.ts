import type { BlobKey } from '#core';
import type { ProgramReference } from '../../runtime/plan/job-graph.js';

/** A program reference for graphs that are never run, or whose program is at hand. */
export function programReference(fields: Partial<ProgramReference> = {}): ProgramReference {
  return {
    bundle: 'no-bundle' as BlobKey,
    file: 'test-program.ts',
    args: [],
    entry: undefined,
    executionIndex: 0,
    clockStartMs: 1_700_000_000_000,
    randomSeed: 42,
    environment: {},
    defaultParallelism: 1,
    configuration: {},
    onceResults: [],
    earlierResults: [],
    ...fields,
  };
}
