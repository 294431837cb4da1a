import {
  type CheckpointRecord,
  type CheckpointSettings,
  type CheckpointsStatus,
  durationOf,
  type SubtaskRecord,
  type Summary,
  summaryOf,
  type TaskRecord,
  totalsOf,
} from '#runtime';

/* The forms are Flink 1.20's. Data in flight is never part of a checkpoint here: "processed" and "persisted" are 0. */

const NOTHING = summaryOf([]);

export function checkpointsView({ counts, summary, latest, history }: CheckpointsStatus): unknown {
  const { completed, savepoint, failed, restored } = latest;
  return {
    counts: {
      restored: counts.restored,
      total: counts.total,
      in_progress: counts.inProgress,
      completed: counts.completed,
      failed: counts.failed,
    },
    summary: {
      checkpointed_size: rounded(summary.writtenBytes),
      state_size: rounded(summary.stateBytes),
      end_to_end_duration: rounded(summary.durationMs),
      alignment_buffered: NOTHING,
      processed_data: NOTHING,
      persisted_data: NOTHING,
    },
    latest: {
      completed: completed ? checkpointView(completed) : null,
      savepoint: savepoint ? checkpointView(savepoint) : null,
      failed: failed ? checkpointView(failed) : null,
      restored: restored
        ? {
            id: restored.checkpointId,
            restore_timestamp: restored.restoredMs,
            is_savepoint: restored.kind === 'savepoint',
            external_path: restored.externalPath ?? null,
          }
        : null,
    },
    history: history.map((record) => ({ ...checkpointView(record), tasks: {} })),
  };
}

/** One checkpoint, with a line for each task. */
export function checkpointView(record: CheckpointRecord): Readonly<Record<string, unknown>> {
  const { status, kind } = record;
  return {
    className: status === 'IN_PROGRESS' ? 'in_progress' : status.toLowerCase(),
    ...common(record, record.tasks),
    is_savepoint: kind === 'savepoint',
    savepointFormat: kind === 'savepoint' ? 'CANONICAL' : null,
    trigger_timestamp: record.triggeredMs,
    checkpoint_type: typeOf(record),
    tasks: Object.fromEntries(record.tasks.map((task) => [task.vertexId, common(record, [task])])),
    ...(status === 'COMPLETED' ? { external_path: record.externalPath ?? '<checkpoint-not-externally-addressable>' } : {}),
    ...(status === 'COMPLETED' ? { discarded: record.discarded } : {}),
    ...(status === 'FAILED' ? { failure_timestamp: record.endedMs, failure_message: record.failure } : {}),
  };
}

function typeOf({ kind, stopping, unaligned }: CheckpointRecord): string {
  if (kind === 'savepoint') return stopping ? 'SYNC_SAVEPOINT' : 'SAVEPOINT';
  return unaligned ? 'UNALIGNED_CHECKPOINT' : 'CHECKPOINT';
}

function common(record: CheckpointRecord, tasks: readonly TaskRecord[]): Readonly<Record<string, unknown>> {
  const totals = totalsOf(tasks);
  const latest = Math.max(-1, ...tasks.flatMap(({ subtasks }) => subtasks.map((subtask) => subtask?.acknowledgedMs ?? -1)));
  return {
    id: record.checkpointId,
    status: record.status,
    latest_ack_timestamp: latest,
    checkpointed_size: totals.writtenBytes,
    state_size: totals.stateBytes,
    end_to_end_duration: tasks === record.tasks ? durationOf(record) : Math.max(0, latest - record.triggeredMs),
    alignment_buffered: 0,
    processed_data: 0,
    persisted_data: 0,
    num_subtasks: totals.subtasks,
    num_acknowledged_subtasks: totals.acknowledged,
  };
}

/** One task's part of a checkpoint, subtask by subtask. */
export function checkpointTaskView(record: CheckpointRecord, task: TaskRecord): unknown {
  const acknowledged = task.subtasks.filter((subtask) => subtask !== undefined);
  const over = (value: (subtask: SubtaskRecord) => number): Summary => rounded(summaryOf(acknowledged.map(value)));
  return {
    ...common(record, [task]),
    summary: {
      checkpointed_size: over(({ metrics }) => metrics.writtenBytes),
      state_size: over(({ metrics }) => metrics.stateBytes),
      end_to_end_duration: over(({ acknowledgedMs }) => acknowledgedMs - record.triggeredMs),
      checkpoint_duration: { sync: over(({ metrics }) => metrics.syncMs), async: over(({ metrics }) => metrics.asyncMs) },
      alignment: { buffered: NOTHING, processed: NOTHING, persisted: NOTHING, duration: over(({ metrics }) => metrics.alignmentMs) },
      start_delay: over(({ metrics }) => metrics.startDelayMs),
    },
    subtasks: task.subtasks.map((subtask, index) => subtaskView(record, subtask, index)),
  };
}

function subtaskView(record: CheckpointRecord, subtask: SubtaskRecord | undefined, index: number): unknown {
  if (!subtask) return { className: 'pending', index, status: 'pending_or_failed' };
  const { acknowledgedMs, metrics } = subtask;
  return {
    className: 'completed',
    index,
    ack_timestamp: acknowledgedMs,
    end_to_end_duration: acknowledgedMs - record.triggeredMs,
    checkpointed_size: metrics.writtenBytes,
    state_size: metrics.stateBytes,
    checkpoint: { sync: Math.round(metrics.syncMs), async: Math.round(metrics.asyncMs) },
    alignment: { buffered: 0, processed: 0, persisted: 0, duration: Math.round(metrics.alignmentMs) },
    start_delay: Math.round(metrics.startDelayMs),
    unaligned_checkpoint: record.unaligned,
    aborted: false,
    status: 'completed',
  };
}

function rounded(summary: Summary): Summary {
  return { ...summary, min: Math.round(summary.min), max: Math.round(summary.max) };
}

export function checkpointConfigView(settings: CheckpointSettings): unknown {
  return {
    mode: settings.mode.toLowerCase(),
    interval: settings.intervalMs ?? 0x7fff_ffff_ffff,
    timeout: settings.timeoutMs,
    min_pause: settings.minPauseMs,
    max_concurrent: settings.maxConcurrent,
    externalization: {
      enabled: settings.retention !== 'NO_EXTERNALIZED_CHECKPOINTS',
      delete_on_cancellation: settings.retention !== 'RETAIN_ON_CANCELLATION',
    },
    state_backend: settings.stateBackend === 'rocksdb' ? 'EmbeddedRocksDBStateBackend' : 'HashMapStateBackend',
    checkpoint_storage: settings.storage === 'filesystem' ? 'FileSystemCheckpointStorage' : 'JobManagerCheckpointStorage',
    unaligned_checkpoints: settings.unaligned,
    tolerable_failed_checkpoints: settings.tolerableFailures,
    aligned_checkpoint_timeout: settings.alignedTimeoutMs,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 600_000,
    changelog_storage: 'memory',
  };
}
