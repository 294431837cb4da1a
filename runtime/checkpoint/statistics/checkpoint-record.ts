import type { VertexId } from '#core';
import type { CheckpointOptions, SubtaskSnapshot } from '../handles.js';
import type { SubtaskId } from '../../task/deployment.js';

export type CheckpointStatus = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

/** What a subtask's part of a checkpoint cost. */
export interface SubtaskRecord {
  readonly subtaskIndex: number;
  readonly acknowledgedMs: number;
  readonly metrics: SubtaskSnapshot['metrics'];
}

export interface TaskRecord {
  readonly vertexId: VertexId;
  readonly parallelism: number;
  /** Of those that have acknowledged, by index. */
  readonly subtasks: readonly (SubtaskRecord | undefined)[];
}

/** What is known of one checkpoint, as plain data. Times in ms since 1970 UTC, sizes in bytes. */
export interface CheckpointRecord {
  readonly checkpointId: number;
  readonly status: CheckpointStatus;
  readonly kind: CheckpointOptions['kind'];
  /** A savepoint that ends the job. */
  readonly stopping: boolean;
  readonly unaligned: boolean;
  readonly triggeredMs: number;
  /** When the last acknowledgement came so far. */
  readonly latestAcknowledgedMs: number;
  /** When it was completed or failed. */
  readonly endedMs: number | undefined;
  readonly tasks: readonly TaskRecord[];
  readonly externalPath: string | undefined;
  readonly discarded: boolean;
  readonly failure: string | undefined;
}

/** Sums over subtasks. */
export interface CheckpointTotals {
  readonly stateBytes: number;
  readonly writtenBytes: number;
  readonly subtasks: number;
  readonly acknowledged: number;
}

export function totalsOf(tasks: readonly TaskRecord[]): CheckpointTotals {
  const acknowledged = tasks.flatMap(({ subtasks }) => subtasks.filter((subtask) => subtask !== undefined));
  return {
    stateBytes: acknowledged.reduce((sum, { metrics }) => sum + metrics.stateBytes, 0),
    writtenBytes: acknowledged.reduce((sum, { metrics }) => sum + metrics.writtenBytes, 0),
    subtasks: tasks.reduce((sum, { parallelism }) => sum + parallelism, 0),
    acknowledged: acknowledged.length,
  };
}

/** From the trigger to the last acknowledgement, or the failure. */
export function durationOf({ triggeredMs, latestAcknowledgedMs, endedMs, status }: CheckpointRecord): number {
  return (status === 'FAILED' ? (endedMs ?? triggeredMs) : latestAcknowledgedMs) - triggeredMs;
}

/** The record with one more acknowledgement. */
export function withAcknowledgement(
  record: CheckpointRecord,
  { vertexId, subtaskIndex }: SubtaskId,
  metrics: SubtaskSnapshot['metrics'],
  acknowledgedMs: number,
): CheckpointRecord {
  const tasks = record.tasks.map((task) =>
    task.vertexId === vertexId ? { ...task, subtasks: task.subtasks.with(subtaskIndex, { subtaskIndex, acknowledgedMs, metrics }) } : task,
  );
  return { ...record, tasks, latestAcknowledgedMs: acknowledgedMs };
}
