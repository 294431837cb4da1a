import type { FlinkError } from '#core';
import type { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import type { CheckpointTargets } from '../checkpoint/checkpoint-targets.js';
import type { CheckpointOptions, SubtaskSnapshot } from '../checkpoint/handles.js';
import { RemoteError } from '../control/serialized-error.js';
import type { AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import type { SlotCommand, SlotReport, SubtaskId, TaskState } from '../task/deployment.js';

export interface CheckpointedTasksParts {
  readonly executions: ExecutionGraph;
  command(slot: AssignedSlot, command: SlotCommand): void;
  failJob(error: FlinkError): void;
}

/** The tasks of a job, as its checkpoint coordinator asks things of them and hears from them. */
export class CheckpointedTasks implements CheckpointTargets {
  /** Vertices whose readers hear of a checkpoint from their enumerator. */
  readonly #coordinated: ReadonlySet<string>;

  constructor(private readonly parts: CheckpointedTasksParts) {
    const { vertices } = parts.executions.graph;
    this.#coordinated = new Set(vertices.filter(({ coordinated }) => coordinated).map(({ id }) => id));
  }

  /** Hands a report about checkpoints on. Answers whether it was one. */
  report(report: SlotReport, coordinator: CheckpointCoordinator): boolean {
    switch (report.type) {
      case 'checkpointAcknowledged':
        coordinator.acknowledge(report.subtask, report.checkpointId, report.snapshot);
        return true;
      case 'checkpointDeclined':
        coordinator.decline(report.subtask, report.checkpointId, new RemoteError(report.error));
        return true;
      case 'awaitingCheckpoint':
        // When it is not possible now, the next one by the clock will do.
        coordinator.trigger({ kind: 'checkpoint', full: false }).catch(() => undefined);
        return true;
      default:
        return false;
    }
  }

  stateOf(subtask: SubtaskId): TaskState {
    return this.parts.executions.execution(subtask)?.state ?? 'CREATED';
  }

  describe(subtask: SubtaskId): string {
    return this.parts.executions.describe(subtask);
  }

  leftBy(subtask: SubtaskId): NonNullable<SubtaskSnapshot['finished']> {
    const execution = this.parts.executions.execution(subtask);
    return { steps: execution?.steps ?? [], accumulators: execution?.accumulators ?? {} };
  }

  trigger(subtasks: readonly SubtaskId[], checkpointId: number, timestamp: number, options: CheckpointOptions): void {
    const bySlot = new Map<AssignedSlot, SubtaskId[]>();
    for (const subtask of this.#toTell(subtasks)) {
      const slot = this.parts.executions.slotOf(subtask);
      if (slot !== undefined) bySlot.set(slot, [...(bySlot.get(slot) ?? []), subtask]);
    }
    for (const [slot, ofSlot] of bySlot) {
      this.parts.command(slot, { type: 'triggerCheckpoint', subtasks: ofSlot, checkpointId, timestamp, options });
    }
  }

  notifyComplete(checkpointId: number, { kind, stop }: CheckpointOptions): void {
    const apart = kind === 'savepoint' && stop === undefined;
    this.#tellAll({ type: apart ? 'savepointCompleted' : 'checkpointCompleted', checkpointId });
  }

  notifyAborted(checkpointId: number): void {
    this.#tellAll({ type: 'checkpointAborted', checkpointId });
  }

  failJob(error: FlinkError): void {
    this.parts.failJob(error);
  }

  /** While the enumerator of a source is there, beside subtask 0, it tells the readers, on the way that their splits come by. */
  #toTell(subtasks: readonly SubtaskId[]): readonly SubtaskId[] {
    const told = new Set(subtasks.filter(({ subtaskIndex }) => subtaskIndex === 0).map(({ vertexId }) => vertexId));
    return subtasks.filter(({ vertexId, subtaskIndex }) => subtaskIndex === 0 || !this.#coordinated.has(vertexId) || !told.has(vertexId));
  }

  #tellAll(command: SlotCommand): void {
    for (const slot of this.parts.executions.slots) this.parts.command(slot, command);
  }
}
