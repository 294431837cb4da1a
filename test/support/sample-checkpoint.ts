import type { JobId, VertexId } from '#core';
import type { BytesHandle, OperatorSnapshot, SegmentHandle, SubtaskSnapshot } from '../../runtime/checkpoint/handles.js';
import type { CheckpointMetadata } from '../../runtime/checkpoint/metadata.js';

export const JOB = '0123456789abcdef0123456789abcdef' as JobId;

export function segment(id: string, bytes: BytesHandle, changes: Partial<SegmentHandle> = {}): SegmentHandle {
  return { id, bytes, shared: true, fresh: true, entries: 1, ...changes };
}

/** An operator with keyed state in these segments. */
export function keyedSnapshot(segments: readonly SegmentHandle[], first = 0, last = 127, maxParallelism = 128): OperatorSnapshot {
  return {
    keyed: { keyGroups: { first, last }, maxParallelism, keyType: { kind: 'string' }, states: [], segments },
    lists: {},
  };
}

export function subtaskSnapshot(operators: Readonly<Record<string, OperatorSnapshot>>): SubtaskSnapshot {
  return { operators, metrics: { alignmentMs: 1, syncMs: 2, asyncMs: 3, stateBytes: 10, writtenBytes: 5, startDelayMs: 4 } };
}

export function metadataOf(changes: Partial<CheckpointMetadata> = {}): CheckpointMetadata {
  return {
    checkpointId: 1,
    timestampMs: 1000,
    kind: 'checkpoint',
    jobId: JOB,
    jobName: 'sample',
    writtenBy: '0',
    operators: [],
    finished: [],
    inFlight: [],
    ...changes,
  };
}

/** Metadata of one operator, by subtask. */
export function operatorMetadata(
  operatorId: string,
  subtasks: readonly OperatorSnapshot[],
  changes: Partial<CheckpointMetadata['operators'][number]> = {},
): CheckpointMetadata['operators'][number] {
  return {
    operatorId,
    name: `Operator ${operatorId}`,
    uid: undefined,
    vertexId: operatorId as VertexId,
    parallelism: Math.max(1, subtasks.length),
    maxParallelism: 128,
    subtasks: new Map(subtasks.entries()),
    ...changes,
  };
}
