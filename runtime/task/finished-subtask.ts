import { type FlinkError, MAX_WATERMARK } from '#core';
import type { AccumulatorData } from '#api';
import type { ChainGate } from '../chain/chain-plan.js';
import type { SubtaskSnapshot } from '../checkpoint/handles.js';
import type { TaskMetrics, TaskState } from './deployment.js';
import { exitOf } from './edge-ends.js';
import { operatorFailure } from './operator-failure.js';
import type { SlotTask } from './slot-task.js';
import { outEdges, type SubtaskBlueprint } from './subtask-blueprint.js';
import type { SubtaskOutcome, SubtaskPhase } from './subtask.js';
import type { TaskExit } from './task-exit.js';

/**
 * A subtask that had finished when the checkpoint was made that the job begins from. It tells those behind it so, reports what it left
 * then, and ends: no function is opened, nothing is read, written or committed again.
 */
export class FinishedSubtask implements SlotTask {
  readonly id: SlotTask['id'];
  readonly outcome: SubtaskOutcome;
  readonly state: TaskState = 'FINISHED';
  readonly #exits: readonly TaskExit[];
  readonly #gate: ChainGate = { blocked: false };
  #phase: SubtaskPhase = 'draining';

  constructor(
    private readonly blueprint: SubtaskBlueprint,
    left: NonNullable<SubtaskSnapshot['finished']>,
  ) {
    const { vertex, channels } = blueprint;
    this.id = { vertexId: vertex.id, subtaskIndex: channels.subtaskIndex };
    this.outcome = { steps: left.steps, accumulators: left.accumulators as Readonly<Record<string, AccumulatorData>> };
    this.#exits = outEdges(blueprint).map((edge) => exitOf(edge, blueprint, this.#gate));
  }

  get phase(): SubtaskPhase {
    return this.#phase;
  }

  /**
   * Two events have room in any ring that nothing was put into before. So nobody need take them: those behind may have finished as well,
   * and take nothing.
   */
  step(): boolean {
    if (this.#phase !== 'draining') return false;
    for (const exit of this.#exits) {
      exit.broadcastEvent({ kind: 'watermark', timestamp: MAX_WATERMARK });
      exit.broadcastEvent({ kind: 'endOfInput' });
      exit.flush();
    }
    this.#phase = 'finished';
    return true;
  }

  nextDueMs(): number {
    return Infinity;
  }

  checkpoint(): void {
    // the JobManager knows what it left
  }

  checkpointCompleted(): void {
    // it has nothing to commit
  }

  savepointCompleted(): void {
    // it has no state
  }

  checkpointAborted(): void {
    // it took no part
  }

  close(): Promise<readonly FlinkError[]> {
    this.#phase = 'closed';
    return Promise.resolve([]);
  }

  metrics(): TaskMetrics {
    return {
      ...this.id,
      recordsIn: 0,
      recordsOut: 0,
      bytesIn: 0,
      bytesOut: 0,
      busyMs: 0,
      backPressuredMs: 0,
      idleMs: 0,
      inputWatermark: MAX_WATERMARK,
      operators: [],
    };
  }

  explain(error: unknown): FlinkError {
    const { vertex, channels } = this.blueprint;
    return operatorFailure(vertex.name, channels.subtaskIndex, vertex.parallelism, error);
  }
}
