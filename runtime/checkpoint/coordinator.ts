import { type Clock, FlinkError, type Logger, type Random, type Timer } from '#core';
import type { JobGraph } from '../plan/job-graph.js';
import type { SubtaskId } from '../task/deployment.js';
import { assembleMetadata } from './assemble-metadata.js';
import {
  CheckpointAbortedError,
  CheckpointDeclinedError,
  CheckpointExpiredError,
  CheckpointFailuresExceededError,
  CheckpointNotPossibleError,
} from './checkpoint-errors.js';
import { planCheckpoint } from './checkpoint-plan.js';
import type { CheckpointSettings } from './checkpoint-settings.js';
import type { CheckpointTargets } from './checkpoint-targets.js';
import type { CheckpointLocation, CompletedCheckpoint, CompletedCheckpoints } from './completed-checkpoints.js';
import type { CheckpointOptions, SubtaskSnapshot } from './handles.js';
import { type CheckpointPromise, PendingCheckpoint } from './pending-checkpoint.js';
import type { CheckpointStatistics } from './statistics/checkpoint-statistics.js';
import { TriggerSchedule } from './trigger-schedule.js';

/** What a checkpoint is made for. */
export interface CheckpointRequest {
  readonly kind: CheckpointOptions['kind'];
  /** Nothing of earlier checkpoints is referred to. */
  readonly full: boolean;
  readonly stop?: CheckpointOptions['stop'];
  /** Where it goes; absent: to the directories of the job. */
  readonly location?: CheckpointLocation;
}

export interface CoordinatorParts {
  readonly graph: JobGraph;
  readonly settings: CheckpointSettings;
  readonly targets: CheckpointTargets;
  readonly completed: CompletedCheckpoints;
  readonly statistics: CheckpointStatistics;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where a checkpoint of the job's own goes. */
  locate(checkpointId: number): CheckpointLocation;
  /** Directory of the job for files that several checkpoints need; empty: there are no files. */
  readonly sharedDirectory: string;
}

/**
 * Drives the checkpoints of a job through all its attempts. What it is told, by the calls below, makes it call its targets; only the
 * writing of `_metadata` is waited for.
 *
 * ```
 *   trigger ──▶ collecting ──▶ writing ──▶ completed: subsumes older ones, all tasks are told
 *                  │ expired, declined,│ the job fails, a later one completes
 *                  └───────────────────┴──▶ aborted: its files are discarded, all tasks are told
 * ```
 */
export class CheckpointCoordinator {
  readonly #parts: CoordinatorParts;
  readonly #schedule: TriggerSchedule;
  readonly #pending = new Map<number, PendingCheckpoint>();
  readonly #expiry = new Map<number, Timer>();
  #nextId = 1;
  #failuresInARow = 0;
  /** The tasks of an attempt are there. */
  #active = false;
  #stopped = false;
  /** Until then snapshots refer to nothing older: the savepoint that the job began with belongs to the user. */
  #fullUntilCompleted = false;

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
    this.#schedule = new TriggerSchedule(parts.settings, parts.clock, () => {
      this.#triggerPeriodic();
    });
  }

  /** The savepoint with which the job is to end is complete: its tasks are ending. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Checkpoints that have neither completed nor been aborted. */
  get underWay(): readonly number[] {
    return [...this.#pending.keys()];
  }

  /** The job begins from this checkpoint: ids go on behind it. @param full the first checkpoint refers to nothing of it. */
  beginAfter(checkpointId: number, full: boolean): void {
    this.#nextId = Math.max(this.#nextId, checkpointId + 1);
    this.#fullUntilCompleted = full;
  }

  /** The tasks of an attempt have been deployed. */
  start(): void {
    this.#active = true;
    this.#stopped = false;
    this.#failuresInARow = 0;
    this.#schedule.start(this.#parts.random);
    this.#plan();
  }

  /** The attempt is over, or about to be: what is under way is aborted. */
  suspend(reason: string, cause?: unknown): void {
    if (!this.#active) return;
    this.#active = false;
    this.#schedule.stop();
    this.interrupt(reason, cause);
  }

  /** Some tasks are about to begin again while others go on: what is under way is aborted. */
  interrupt(reason: string, cause?: unknown): void {
    for (const pending of [...this.#pending.values()]) {
      this.#abort(pending, new CheckpointAbortedError(pending.checkpointId, this.#parts.graph.jobId, reason, cause));
    }
  }

  /** Makes a checkpoint at once. Rejects with why it could not begin, or why it was aborted. */
  trigger(request: CheckpointRequest): Promise<CompletedCheckpoint> {
    return new Promise((resolve, reject) => {
      this.#trigger(request, { resolve, reject });
    });
  }

  acknowledge(subtask: SubtaskId, checkpointId: number, snapshot: SubtaskSnapshot): void {
    const pending = this.#pending.get(checkpointId);
    const unknown = pending && this.#parts.completed.unknownSegments(snapshot);
    if (pending && unknown?.length === 0 && pending.acknowledge(subtask, snapshot)) {
      this.#parts.statistics.acknowledged(checkpointId, subtask, snapshot.metrics);
      this.#completeIfWhole(pending);
      return;
    }
    this.#parts.completed.discardSnapshot(snapshot);
    if (pending && unknown !== undefined && unknown.length > 0) {
      this.#declined(pending, subtask, new Error(`it refers to state that no complete checkpoint has: ${unknown[0]!.id}`));
    }
  }

  decline(subtask: SubtaskId, checkpointId: number, error: Error): void {
    const pending = this.#pending.get(checkpointId);
    if (pending) this.#declined(pending, subtask, error);
  }

  /** A subtask finished; nothing more comes from it. */
  taskFinished(subtask: SubtaskId): void {
    for (const pending of [...this.#pending.values()]) {
      if (!pending.finished(subtask, this.#parts.targets.leftBy(subtask))) continue;
      this.#triggerSubtasks(pending, pending.toTriggerWithout(subtask));
      this.#completeIfWhole(pending);
    }
  }

  // Beginning

  #plan(): void {
    const { settings } = this.#parts;
    const checkpoints = [...this.#pending.values()].filter(({ savepoint }) => !savepoint);
    const stopping = [...this.#pending.values()].some(({ parts }) => parts.options.stop !== undefined);
    if (this.#active) this.#schedule.plan(!stopping && checkpoints.length < settings.maxConcurrent);
  }

  #triggerPeriodic(): void {
    this.#trigger({ kind: 'checkpoint', full: !this.#parts.settings.incremental }, undefined);
    this.#plan();
  }

  #trigger(request: CheckpointRequest, promise: CheckpointPromise | undefined): void {
    const { graph, targets, clock, statistics, logger } = this.#parts;
    const plan = this.#active ? planCheckpoint(graph, (subtask) => targets.stateOf(subtask)) : undefined;
    if (plan === undefined || 'notRunning' in plan || plan.toWaitFor.length === 0) {
      const error = this.#notPossible(plan);
      if (promise) promise.reject(error);
      else logger.debug(error.message);
      return;
    }
    const checkpointId = this.#nextId++;
    const options = this.#optionsOf(request, checkpointId);
    const location = request.location ?? this.#parts.locate(checkpointId);
    const pending = new PendingCheckpoint({ checkpointId, timestampMs: clock.now(), options, location, plan, promise });
    for (const subtask of plan.finished) pending.addFinished(subtask, targets.leftBy(subtask));
    this.#pending.set(checkpointId, pending);
    statistics.triggered(checkpointId, pending.parts.timestampMs, options);
    logger.info(`triggering ${request.kind} ${checkpointId}`, { checkpointId, kind: request.kind });
    this.#begin(pending);
  }

  #begin(pending: PendingCheckpoint): void {
    const { clock, settings } = this.#parts;
    const expire = (): void => {
      if (pending.phase === 'collecting') this.#expired(pending);
    };
    this.#expiry.set(pending.checkpointId, clock.setTimer(settings.timeoutMs, expire, { background: true }));
    this.#triggerSubtasks(pending, pending.parts.plan.toTrigger);
    this.#plan();
  }

  #triggerSubtasks({ parts }: PendingCheckpoint, subtasks: readonly SubtaskId[]): void {
    if (subtasks.length > 0) this.#parts.targets.trigger(subtasks, parts.checkpointId, parts.timestampMs, parts.options);
  }

  #notPossible(plan: ReturnType<typeof planCheckpoint> | undefined): FlinkError {
    const { graph, targets } = this.#parts;
    if (plan === undefined) return new CheckpointNotPossibleError(graph.jobId, 'The job is not running.');
    if ('notRunning' in plan) {
      const name = targets.describe(plan.notRunning);
      return new CheckpointNotPossibleError(
        graph.jobId,
        `Not all required tasks are currently running. Task ${name} is ${targets.stateOf(plan.notRunning)}.`,
      );
    }
    return new CheckpointNotPossibleError(graph.jobId, 'All tasks of the job have finished.');
  }

  #optionsOf({ kind, full, stop, location }: CheckpointRequest, checkpointId: number): CheckpointOptions {
    const { settings, completed, sharedDirectory } = this.#parts;
    const own = location?.dataDirectory;
    return {
      kind,
      full: full || kind === 'savepoint' || this.#fullUntilCompleted,
      mode: settings.mode,
      unaligned: kind === 'checkpoint' && settings.unaligned,
      alignedTimeoutMs: settings.alignedTimeoutMs,
      completedCheckpointId: completed.latest?.metadata.checkpointId ?? 0,
      exclusiveDirectory: own ?? this.#parts.locate(checkpointId).dataDirectory ?? '',
      sharedDirectory: own ?? sharedDirectory,
      memoryThresholdBytes: settings.memoryThresholdBytes,
      ...(stop && { stop }),
    };
  }

  // Completing

  #completeIfWhole(pending: PendingCheckpoint): void {
    if (!pending.whole || pending.phase !== 'collecting') return;
    pending.phase = 'writing';
    pending.beingWritten = true;
    this.#stopExpiry(pending);
    const { completed, graph } = this.#parts;
    const metadata = assembleMetadata(graph, pending);
    completed.write(metadata, pending.parts.location).then(
      () => {
        pending.beingWritten = false;
        // It may have been aborted meanwhile: what was written then goes with the rest.
        if (pending.phase === 'writing') this.#completed(pending, { metadata, location: pending.parts.location, ownership: 'own' });
        else this.#discard(pending);
      },
      (error: unknown) => {
        pending.beingWritten = false;
        if (pending.phase === 'writing') this.#failed(pending, error instanceof Error ? error : new Error(String(error)));
        else this.#discard(pending);
      },
    );
  }

  #completed(pending: PendingCheckpoint, checkpoint: CompletedCheckpoint): void {
    const { completed, statistics, targets, logger } = this.#parts;
    const { checkpointId, options, location } = pending.parts;
    this.#settle(pending);
    if (options.stop !== undefined) this.#stopped = true;
    if (!pending.savepoint) {
      completed.add(checkpoint);
      this.#fullUntilCompleted = false;
    }
    completed.settled(checkpointId);
    this.#failuresInARow = 0;
    if (!pending.savepoint) this.#schedule.ended();
    statistics.completed(checkpointId, location.metadataDirectory);
    logger.info(`completed ${options.kind} ${checkpointId}`, { checkpointId, path: location.metadataDirectory });
    targets.notifyComplete(checkpointId, options);
    if (!pending.savepoint) this.#subsumeOlder(checkpointId);
    pending.parts.promise?.resolve(checkpoint);
    this.#plan();
  }

  #subsumeOlder(checkpointId: number): void {
    for (const older of [...this.#pending.values()]) {
      if (older.checkpointId > checkpointId || older.savepoint) continue;
      const { jobId } = this.#parts.graph;
      this.#abort(older, new CheckpointAbortedError(older.checkpointId, jobId, `checkpoint ${checkpointId}, which is later, is complete`));
    }
  }

  // Failing

  #expired(pending: PendingCheckpoint): void {
    const { graph, settings, targets } = this.#parts;
    const missing = pending.missing.map((subtask) => targets.describe(subtask));
    this.#failed(pending, new CheckpointExpiredError(pending.checkpointId, graph.jobId, settings.timeoutMs, missing));
  }

  #declined(pending: PendingCheckpoint, subtask: SubtaskId, cause: Error): void {
    if (pending.phase !== 'collecting') return;
    const { graph, targets } = this.#parts;
    const error = new CheckpointDeclinedError(pending.checkpointId, graph.jobId, targets.describe(subtask), cause);
    // The barrier of a later checkpoint came first: nothing is wrong with the job.
    if (cause instanceof FlinkError && cause.code === 'CHECKPOINT_SUBSUMED') this.#abort(pending, error);
    else this.#failed(pending, error);
  }

  /** A failure that counts: more than are tolerated in a row fail the job. The user's savepoints do not. */
  #failed(pending: PendingCheckpoint, error: Error): void {
    this.#abort(pending, error);
    if (pending.savepoint) return;
    this.#schedule.ended();
    const { settings, targets } = this.#parts;
    if (++this.#failuresInARow > settings.tolerableFailures && this.#active) {
      this.#failuresInARow = 0;
      targets.failJob(new CheckpointFailuresExceededError(settings.tolerableFailures, error));
    }
    this.#plan();
  }

  #abort(pending: PendingCheckpoint, error: Error): void {
    const { completed, statistics, targets, logger } = this.#parts;
    this.#settle(pending);
    completed.settled(pending.checkpointId);
    statistics.failed(pending.checkpointId, error.message);
    logger.warn(error.message, { checkpointId: pending.checkpointId });
    if (!pending.beingWritten) this.#discard(pending);
    targets.notifyAborted(pending.checkpointId);
    pending.parts.promise?.reject(error);
    this.#plan();
  }

  #discard({ contributions, parts }: PendingCheckpoint): void {
    const { completed } = this.#parts;
    for (const { snapshot } of contributions) completed.discardSnapshot(snapshot);
    completed.discardLocation(parts.location);
  }

  #settle(pending: PendingCheckpoint): void {
    pending.phase = 'settled';
    this.#stopExpiry(pending);
    this.#pending.delete(pending.checkpointId);
  }

  #stopExpiry({ checkpointId }: PendingCheckpoint): void {
    this.#expiry.get(checkpointId)?.cancel();
    this.#expiry.delete(checkpointId);
  }
}
