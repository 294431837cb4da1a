import type { Clock } from '#core';
import type { JobGraph } from '../../plan/job-graph.js';
import type { SubtaskId } from '../../task/deployment.js';
import type { CheckpointOptions, SubtaskSnapshot } from '../handles.js';
import { type CheckpointRecord, durationOf, totalsOf, withAcknowledgement } from './checkpoint-record.js';
import { type Summary, summaryOf } from './sample-summary.js';

/** Measurements that summaries are made of: of the last so many complete checkpoints. */
const SAMPLES = 10_000;

export interface RestoredCheckpoint {
  readonly checkpointId: number;
  readonly kind: CheckpointOptions['kind'];
  readonly restoredMs: number;
  readonly externalPath: string | undefined;
}

/** A job's checkpoints so far, as plain data. */
export interface CheckpointsStatus {
  readonly counts: {
    readonly restored: number;
    readonly total: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
  };
  /** Over all complete ones. Bytes and ms. */
  readonly summary: { readonly stateBytes: Summary; readonly writtenBytes: Summary; readonly durationMs: Summary };
  readonly latest: {
    readonly completed: CheckpointRecord | undefined;
    readonly savepoint: CheckpointRecord | undefined;
    readonly failed: CheckpointRecord | undefined;
    readonly restored: RestoredCheckpoint | undefined;
  };
  /** Newest first. */
  readonly history: readonly CheckpointRecord[];
}

interface Sample {
  readonly stateBytes: number;
  readonly writtenBytes: number;
  readonly durationMs: number;
}

/** Keeps the account of a job's checkpoints for people. */
export class CheckpointStatistics {
  #history: readonly CheckpointRecord[] = [];
  #samples: readonly Sample[] = [];
  readonly #counts = { restored: 0, completed: 0, failed: 0 };
  #latest: CheckpointsStatus['latest'] = { completed: undefined, savepoint: undefined, failed: undefined, restored: undefined };
  readonly #inProgress = new Map<number, CheckpointRecord>();

  /** @param kept how many are remembered one by one. */
  constructor(
    private readonly graph: JobGraph,
    private readonly clock: Clock,
    private readonly kept: number,
  ) {}

  triggered(checkpointId: number, triggeredMs: number, options: CheckpointOptions): void {
    this.#inProgress.set(checkpointId, {
      checkpointId,
      status: 'IN_PROGRESS',
      kind: options.kind,
      stopping: options.stop !== undefined,
      unaligned: options.unaligned,
      triggeredMs,
      latestAcknowledgedMs: triggeredMs,
      endedMs: undefined,
      tasks: this.graph.vertices.map(({ id, parallelism }) => ({
        vertexId: id,
        parallelism,
        subtasks: Array.from({ length: parallelism }, () => undefined),
      })),
      externalPath: undefined,
      discarded: false,
      failure: undefined,
    });
  }

  acknowledged(checkpointId: number, subtask: SubtaskId, metrics: SubtaskSnapshot['metrics']): void {
    const record = this.#inProgress.get(checkpointId);
    if (record) this.#inProgress.set(checkpointId, withAcknowledgement(record, subtask, metrics, this.clock.now()));
  }

  completed(checkpointId: number, externalPath: string | undefined): void {
    const record = this.#end(checkpointId, { status: 'COMPLETED', externalPath });
    if (!record) return;
    this.#counts.completed++;
    this.#latest = { ...this.#latest, [record.kind === 'savepoint' ? 'savepoint' : 'completed']: record };
    const { stateBytes, writtenBytes } = totalsOf(record.tasks);
    this.#samples = [...this.#samples.slice(-SAMPLES + 1), { stateBytes, writtenBytes, durationMs: durationOf(record) }];
  }

  failed(checkpointId: number, failure: string): void {
    const record = this.#end(checkpointId, { status: 'FAILED', failure });
    if (!record) return;
    this.#counts.failed++;
    this.#latest = { ...this.#latest, failed: record };
  }

  discarded(checkpointId: number): void {
    const mark = (record: CheckpointRecord): CheckpointRecord =>
      record.checkpointId === checkpointId ? { ...record, discarded: true } : record;
    this.#history = this.#history.map(mark);
    const { completed, ...rest } = this.#latest;
    this.#latest = { ...rest, completed: completed && mark(completed) };
  }

  restored(restored: Omit<RestoredCheckpoint, 'restoredMs'>): void {
    this.#counts.restored++;
    this.#latest = { ...this.#latest, restored: { ...restored, restoredMs: this.clock.now() } };
  }

  status(): CheckpointsStatus {
    const { restored, completed, failed } = this.#counts;
    const inProgress = this.#inProgress.size;
    const summary = (field: keyof Sample): Summary => summaryOf(this.#samples.map((sample) => sample[field]));
    return {
      counts: { restored, completed, failed, inProgress, total: completed + failed + inProgress },
      summary: { stateBytes: summary('stateBytes'), writtenBytes: summary('writtenBytes'), durationMs: summary('durationMs') },
      latest: this.#latest,
      history: [...this.#inProgress.values(), ...this.#history].toSorted((one, other) => other.checkpointId - one.checkpointId),
    };
  }

  #end(checkpointId: number, changes: Partial<CheckpointRecord>): CheckpointRecord | undefined {
    const record = this.#inProgress.get(checkpointId);
    if (!record) return undefined;
    this.#inProgress.delete(checkpointId);
    const ended = { ...record, ...changes, endedMs: this.clock.now() };
    this.#history = [ended, ...this.#history].slice(0, this.kept);
    return ended;
  }
}
