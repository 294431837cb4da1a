import type { Clock, FileSystems, FlinkError, Logger, Random } from '#core';
import { Configuration } from '#conf';
import { checkpointSettings, type CheckpointSettings } from '../checkpoint/checkpoint-settings.js';
import type { CheckpointTargets, EnumeratorId } from '../checkpoint/checkpoint-targets.js';
import { type CheckpointLocation, CompletedCheckpoints } from '../checkpoint/completed-checkpoints.js';
import { CheckpointCoordinator } from '../checkpoint/coordinator.js';
import type { CheckpointOptions, SubtaskSnapshot } from '../checkpoint/handles.js';
import { planRestore } from '../checkpoint/restore.js';
import { CheckpointStatistics } from '../checkpoint/statistics/checkpoint-statistics.js';
import { checkpointDirectory, jobDirectories } from '../checkpoint/storage/directories.js';
import { RemoteError } from '../control/serialized-error.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import type { JobOutcome } from './job-phase.js';
import type { RestoredSubtask, SlotCommand, SlotReport, SubtaskId, TaskState } from '../task/deployment.js';

export interface JobCheckpointsParts {
  readonly graph: JobGraph;
  readonly executions: ExecutionGraph;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly files: FileSystems;
  /** Of the cluster; what the job was submitted with wins. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Checkpoints that are remembered one by one, for people. */
  readonly history: number;
  command(slot: AssignedSlot, command: SlotCommand): void;
  failJob(error: FlinkError): void;
}

/** The checkpoints of a job through all its attempts: between the coordinator, which decides, and the tasks, which act. */
export class JobCheckpoints implements CheckpointTargets {
  readonly settings: CheckpointSettings;
  readonly statistics: CheckpointStatistics;
  readonly coordinator: CheckpointCoordinator;
  readonly completed: CompletedCheckpoints;
  readonly #parts: JobCheckpointsParts;

  /** Throws what {@link checkpointSettings} throws (user). */
  constructor(parts: JobCheckpointsParts) {
    const { graph, clock, random, logger, files, configuration } = parts;
    this.#parts = parts;
    this.settings = checkpointSettings(Configuration.of({ ...configuration, ...graph.program.configuration }));
    this.statistics = new CheckpointStatistics(graph, clock, parts.history);
    this.completed = new CompletedCheckpoints({
      files,
      logger,
      numRetained: this.settings.numRetained,
      underWay: () => this.coordinator.underWay,
      onDiscarded: (checkpointId) => {
        this.statistics.discarded(checkpointId);
      },
    });
    this.coordinator = new CheckpointCoordinator({
      graph,
      settings: this.settings,
      targets: this,
      completed: this.completed,
      statistics: this.statistics,
      clock,
      random,
      logger,
      locate: (checkpointId) => this.#locate(checkpointId),
      sharedDirectory: this.#directories?.shared ?? '',
    });
  }

  get #directories(): ReturnType<typeof jobDirectories> | undefined {
    const { dataDirectory } = this.settings;
    return dataDirectory === undefined ? undefined : jobDirectories(dataDirectory, this.#parts.graph.jobId);
  }

  /** What the subtasks of the next attempt begin with. */
  restores(): readonly RestoredSubtask[] {
    const { latest } = this.completed;
    if (latest === undefined) return [];
    const { graph, logger } = this.#parts;
    const { checkpointId } = latest.metadata;
    const path = latest.location.metadataDirectory ?? `checkpoint ${checkpointId} of job ${graph.jobId}`;
    logger.info(`restoring the job from checkpoint ${checkpointId}`, { checkpointId });
    return planRestore(latest.metadata, graph, { path, allowNonRestored: false }).subtasks;
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

  /** The job has ended: checkpoints that nobody is to find any more are deleted. Ends when they are. */
  async release(outcome: JobOutcome): Promise<void> {
    if (!this.#retained(outcome)) {
      const roots = [this.settings.dataDirectory, this.settings.metadataDirectory].filter((directory) => directory !== undefined);
      this.completed.discardAll(roots.map((directory) => jobDirectories(directory, this.#parts.graph.jobId).root));
    }
    await this.completed.idle();
  }

  /** As in Flink: a job that has finished needs none; one that has failed keeps those that were to outlive it. */
  #retained(outcome: JobOutcome): boolean {
    const { retention } = this.settings;
    if (outcome === 'FINISHED' || retention === 'NO_EXTERNALIZED_CHECKPOINTS') return false;
    return outcome === 'FAILED' || retention === 'RETAIN_ON_CANCELLATION';
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

  #locate(checkpointId: number): CheckpointLocation {
    const directories = this.#directories;
    const dataDirectory = directories && checkpointDirectory(directories, checkpointId);
    const { metadataDirectory } = this.settings;
    const { jobId } = this.#parts.graph;
    return {
      dataDirectory,
      metadataDirectory: metadataDirectory && checkpointDirectory(jobDirectories(metadataDirectory, jobId), checkpointId),
    };
  }
}
