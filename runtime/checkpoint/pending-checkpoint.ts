import type { SubtaskId } from '../task/deployment.js';
import { nameOfSubtask } from '../plan/subtasks.js';
import type { CheckpointPlan } from './checkpoint-plan.js';
import type { CompletedCheckpoint, CheckpointLocation } from './completed-checkpoints.js';
import type { CheckpointOptions, SubtaskSnapshot } from './handles.js';

/** What a subtask contributed: state, or what it left when it had finished. */
export interface Contribution {
  readonly subtask: SubtaskId;
  readonly snapshot: SubtaskSnapshot;
}

/** Settled when the checkpoint is: with what was completed, or why it was not. */
export interface CheckpointPromise {
  resolve(checkpoint: CompletedCheckpoint): void;
  reject(error: Error): void;
}

export interface PendingCheckpointParts {
  readonly checkpointId: number;
  readonly timestampMs: number;
  readonly options: CheckpointOptions;
  readonly location: CheckpointLocation;
  readonly plan: CheckpointPlan;
  /** Of whoever asked for it; absent for those that are made by themselves. */
  readonly promise?: CheckpointPromise | undefined;
}

const EMPTY_METRICS: SubtaskSnapshot['metrics'] = {
  alignmentMs: 0,
  syncMs: 0,
  asyncMs: 0,
  stateBytes: 0,
  writtenBytes: 0,
  startDelayMs: 0,
};

/** A checkpoint that is under way: who has acknowledged, and with what. */
export class PendingCheckpoint {
  /** `collecting`: some have not acknowledged; `writing`: all have, the metadata is being brought out; `settled`: completed or aborted. */
  phase: 'collecting' | 'writing' | 'settled' = 'collecting';
  /** `_metadata` is on its way: nothing of the checkpoint can be deleted. */
  beingWritten = false;
  readonly #missing: Map<string, SubtaskId>;
  readonly #contributions = new Map<string, Contribution>();

  constructor(readonly parts: PendingCheckpointParts) {
    this.#missing = new Map(parts.plan.toWaitFor.map((subtask) => [nameOfSubtask(subtask), subtask]));
  }

  get checkpointId(): number {
    return this.parts.checkpointId;
  }
  get savepoint(): boolean {
    return this.parts.options.kind === 'savepoint';
  }
  /** Nobody is left to acknowledge. */
  get whole(): boolean {
    return this.#missing.size === 0;
  }
  get missing(): readonly SubtaskId[] {
    return [...this.#missing.values()];
  }
  get contributions(): readonly Contribution[] {
    return [...this.#contributions.values()];
  }

  /** Answers whether the subtask was waited for. */
  acknowledge(subtask: SubtaskId, snapshot: SubtaskSnapshot): boolean {
    const name = nameOfSubtask(subtask);
    if (this.phase !== 'collecting' || !this.#missing.delete(name)) return false;
    this.#contributions.set(name, { subtask, snapshot });
    return true;
  }

  /** A subtask finished: everything it sent, and then its end, is before the barriers of those behind it. */
  finished(subtask: SubtaskId, left: NonNullable<SubtaskSnapshot['finished']>): boolean {
    return this.acknowledge(subtask, { operators: {}, finished: left, metrics: EMPTY_METRICS });
  }

  /** Of those that had finished when the checkpoint began. */
  addFinished(subtask: SubtaskId, left: NonNullable<SubtaskSnapshot['finished']>): void {
    this.#contributions.set(nameOfSubtask(subtask), { subtask, snapshot: { operators: {}, finished: left, metrics: EMPTY_METRICS } });
  }

  /**
   * Those of the task's other subtasks that no barrier comes to and that have not acknowledged. It may be that they were to hear of the
   * checkpoint from the enumerator of their source, which is beside subtask 0, and that it had ended when the news came.
   */
  toTriggerWithout({ vertexId, subtaskIndex }: SubtaskId): readonly SubtaskId[] {
    if (subtaskIndex !== 0) return [];
    return this.parts.plan.toTrigger.filter((subtask) => subtask.vertexId === vertexId && this.#missing.has(nameOfSubtask(subtask)));
  }
}
