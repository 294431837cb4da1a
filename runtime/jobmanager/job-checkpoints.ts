import type { Clock, FileSystems, FlinkError, Logger, Random } from '#core';
import type { Configuration } from '#conf';
import type { CheckpointTargets, EnumeratorId } from '../checkpoint/checkpoint-targets.js';
import { Checkpointing } from '../checkpoint/checkpointing.js';
import type { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import type { CheckpointOptions, SubtaskSnapshot } from '../checkpoint/handles.js';
import { RemoteError } from '../control/serialized-error.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import type { RestoredSubtask, SlotCommand, SlotReport, SubtaskId, TaskState } from '../task/deployment.js';

export interface JobCheckpointsParts {
  readonly graph: JobGraph;
  readonly executions: ExecutionGraph;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly files: FileSystems;
  /** Of the job, which wins over the cluster's. */
  readonly configuration: Configuration;
  /** Checkpoints that are remembered one by one, for people. */
  readonly history: number;
  command(slot: AssignedSlot, command: SlotCommand): void;
  failJob(error: FlinkError): void;
}

/** The checkpoints of a job through all its attempts: between the coordinator, which decides, and the tasks, which act. */
export class JobCheckpoints implements CheckpointTargets {
  readonly checkpointing: Checkpointing;
  readonly #parts: JobCheckpointsParts;

  /** Throws what `checkpointSettings` throws (user). */
  constructor(parts: JobCheckpointsParts) {
    this.#parts = parts;
    this.checkpointing = new Checkpointing({ ...parts, targets: this });
  }

  get coordinator(): CheckpointCoordinator {
    return this.checkpointing.coordinator;
  }

  /** What the subtasks of the attempt that was prepared begin with. */
  restores(): readonly RestoredSubtask[] {
    return this.checkpointing.plan?.subtasks ?? [];
  }

  /** A report of a task of the present attempt. Answers whether it was one about checkpoints. */
  report(report: SlotReport): boolean {
    switch (report.type) {
      case 'checkpointAcknowledged':
        this.coordinator.acknowledge(report.subtask, report.checkpointId, report.snapshot);
        return true;
      case 'checkpointDeclined':
        this.coordinator.decline(report.subtask, report.checkpointId, new RemoteError(report.error));
        return true;
      case 'awaitingCheckpoint':
        this.coordinator.trigger({ kind: 'checkpoint', full: false }).catch(() => undefined);
        return true;
      default:
        return false;
    }
  }

  // What the coordinator does with the tasks (CheckpointTargets).

  stateOf(subtask: SubtaskId): TaskState {
    return this.#parts.executions.execution(subtask)?.state ?? 'CREATED';
  }

  describe(subtask: SubtaskId): string {
    return this.#parts.executions.describe(subtask);
  }

  leftBy(subtask: SubtaskId): NonNullable<SubtaskSnapshot['finished']> {
    const execution = this.#parts.executions.execution(subtask);
    return { steps: execution?.steps ?? [], accumulators: execution?.accumulators ?? {} };
  }

  /** Enumerators take part by the subtask beside which they run. */
  enumerators(): readonly EnumeratorId[] {
    return [];
  }

  snapshotEnumerator(): void {
    // there are none to ask
  }

  trigger(subtasks: readonly SubtaskId[], checkpointId: number, timestamp: number, options: CheckpointOptions): void {
    const bySlot = new Map<AssignedSlot, SubtaskId[]>();
    for (const subtask of this.#withoutCoordinated(subtasks)) {
      const slot = this.#parts.executions.slotOf(subtask);
      if (slot !== undefined) bySlot.set(slot, [...(bySlot.get(slot) ?? []), subtask]);
    }
    for (const [slot, ofSlot] of bySlot) {
      this.#parts.command(slot, { type: 'triggerCheckpoint', subtasks: ofSlot, checkpointId, timestamp, options });
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
    this.#parts.failJob(error);
  }

  /** Readers hear of a checkpoint from their enumerator, on the way that their splits come by, while it is there. */
  #withoutCoordinated(subtasks: readonly SubtaskId[]): readonly SubtaskId[] {
    const coordinated = new Set(this.#parts.graph.vertices.filter((vertex) => vertex.coordinated).map(({ id }) => id));
    const first = new Set(subtasks.filter(({ subtaskIndex }) => subtaskIndex === 0).map(({ vertexId }) => vertexId));
    return subtasks.filter(({ vertexId, subtaskIndex }) => subtaskIndex === 0 || !coordinated.has(vertexId) || !first.has(vertexId));
  }

  #tellAll(command: SlotCommand): void {
    for (const slot of this.#parts.executions.slots) this.#parts.command(slot, command);
  }
}
