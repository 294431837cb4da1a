import { absolutePath, FlinkError, type Clock, type FileSystems, type Logger, type Random, type ResolveOptions } from '#core';
import {
  type Configuration,
  executionSavepointIgnoreUnclaimedState,
  executionSavepointPath,
  executionStateRecoveryClaimMode,
  fsDefaultScheme,
} from '#conf';
import { RemoteError, type SerializedError } from '../control/serialized-error.js';
import type { JobGraph } from '../plan/job-graph.js';
import { NoSavepointDirectoryError } from './checkpoint-errors.js';
import { type CheckpointSettings, checkpointSettings } from './checkpoint-settings.js';
import type { CheckpointTargets } from './checkpoint-targets.js';
import { type CheckpointLocation, type CompletedCheckpoint, CompletedCheckpoints } from './completed-checkpoints.js';
import { CheckpointCoordinator } from './coordinator.js';
import { damageIn, describeDamage } from './damage.js';
import { planRestore, type RestorePlan } from './restore.js';
import { type DamagedCheckpoint, NoReadableCheckpointError, OlderCheckpointError } from './restore-errors.js';
import { type CheckpointsStatus, CheckpointStatistics } from './statistics/checkpoint-statistics.js';
import { checkpointDirectory, type JobDirectories, jobDirectories, newSavepointDirectory } from './storage/directories.js';
import { readMetadata } from './storage/metadata-files.js';
import { verifyCheckpoint } from './verify-checkpoint.js';

export interface JobCheckpointsParts {
  readonly graph: JobGraph;
  /** The cluster's, with what the job sets over it. */
  readonly configuration: Configuration;
  readonly targets: CheckpointTargets;
  readonly files: FileSystems;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How many checkpoints are remembered one by one. */
  readonly history: number;
}

export interface SavepointRequest {
  /** Absent: `state.savepoints.dir`. */
  readonly targetDirectory?: string | undefined;
  /** The job ends with the savepoint; `drain`: windows fire first. */
  readonly stop?: 'suspend' | 'drain' | undefined;
}

/**
 * All that a job has to do with checkpoints: what its attempts begin from, those it makes, and what becomes of them at its end.
 *
 * For each attempt `beginning` is asked for, then, when its tasks are deployed, `coordinator.start()` is called, and
 * `coordinator.suspend()`
 * when it is over; in between the coordinator is told of every acknowledgement and of every task that finishes. At the end comes `ended`.
 */
export class JobCheckpoints {
  readonly settings: CheckpointSettings;
  readonly coordinator: CheckpointCoordinator;
  readonly #parts: JobCheckpointsParts;
  readonly #completed: CompletedCheckpoints;
  readonly #statistics: CheckpointStatistics;
  readonly #data: JobDirectories | undefined;
  readonly #metadata: JobDirectories | undefined;
  #begun = false;
  /** What the present attempt began from. */
  #restored: CompletedCheckpoint | undefined;
  /** Given up one after the other. */
  #damaged: DamagedCheckpoint[] = [];
  #damage: unknown;

  /** Throws what `checkpointSettings` throws. */
  constructor(parts: JobCheckpointsParts) {
    this.#parts = parts;
    const { graph, clock, files, logger } = parts;
    this.settings = checkpointSettings(parts.configuration);
    const { dataDirectory, metadataDirectory, numRetained } = this.settings;
    this.#data = dataDirectory === undefined ? undefined : jobDirectories(dataDirectory, graph.jobId);
    this.#metadata = metadataDirectory === undefined ? undefined : jobDirectories(metadataDirectory, graph.jobId);
    this.#statistics = new CheckpointStatistics(graph, clock, parts.history);
    this.#completed = new CompletedCheckpoints({
      files,
      logger,
      numRetained,
      underWay: () => this.coordinator.underWay,
      onDiscarded: (id) => {
        this.#statistics.discarded(id);
      },
    });
    this.coordinator = new CheckpointCoordinator({
      ...parts,
      settings: this.settings,
      completed: this.#completed,
      statistics: this.#statistics,
      locate: (id) => this.#locate(id),
      sharedDirectory: this.#data?.shared ?? '',
    });
  }

  /** There is a checkpoint for the next attempt. */
  get restores(): boolean {
    return this.#completed.latest !== undefined;
  }

  /** Whether `beginning` may answer anything, or has anything to prepare. */
  get mayHaveBeginning(): boolean {
    const path = this.#parts.configuration.get(executionSavepointPath);
    return this.settings.intervalMs !== undefined || (path !== undefined && path !== '') || this.#completed.latest !== undefined;
  }

  /**
   * What the next attempt begins from: the latest checkpoint that can be read, at first the savepoint that the job was submitted with.
   * Undefined: from nothing. Throws what `readMetadata` and `planRestore` throw, and {@link NoReadableCheckpointError}.
   */
  async beginning(): Promise<RestorePlan | undefined> {
    if (!this.#begun) await this.#begin();
    this.#begun = true;
    const checkpoint = await this.#latestReadable();
    this.#restored = checkpoint;
    if (!checkpoint) return undefined;
    const { metadata, location, ownership } = checkpoint;
    const path = pathOf(checkpoint);
    const allowNonRestored = ownership === 'own' || this.#parts.configuration.get(executionSavepointIgnoreUnclaimedState);
    const plan = planRestore(metadata, this.#parts.graph, { path, allowNonRestored });
    for (const { operatorId, name } of plan.dropped) {
      this.#parts.logger.warn('state of an operator is given up', { operatorId, name, path });
    }
    this.#statistics.restored({ checkpointId: metadata.checkpointId, kind: metadata.kind, externalPath: location.metadataDirectory });
    this.#parts.logger.info('restoring the job', { checkpointId: metadata.checkpointId, path });
    return plan;
  }

  /**
   * What some regions of the job begin from while the others go on, which is the latest checkpoint. Throws
   * {@link OlderCheckpointError} when it can be read no more: what the others have done since an older one cannot be taken back.
   */
  async beginningBeside(): Promise<RestorePlan | undefined> {
    const latest = this.#completed.latest;
    const plan = await this.beginning();
    if (latest !== this.#restored) throw new OlderCheckpointError(latest!.metadata.checkpointId, this.#damaged.at(-1)?.problem ?? '');
    return plan;
  }

  /** Why all of the job has to begin again although only some of its regions failed, and with what; undefined: it need not. */
  restartsWhole(failure: SerializedError | undefined): string | undefined {
    if (this.coordinator.stopped) return 'the savepoint that ends the job is complete, and other regions may have ended with it';
    if (damageIn(failure) !== undefined) return 'state of the checkpoint that the region began from is damaged';
    return undefined;
  }

  /**
   * The attempt failed. When that was for damaged state of the checkpoint it began from, this is not taken again: the next attempt begins
   * from an older one.
   */
  attemptFailed(failure: SerializedError | undefined): void {
    const damage = damageIn(failure);
    const restored = this.#restored;
    this.#restored = undefined;
    if (damage !== undefined && restored !== undefined && this.#completed.latest === restored) {
      this.#giveUp(restored, new RemoteError(damage));
    }
  }

  /** Answers the directory of the savepoint. Throws {@link NoSavepointDirectoryError}; rejects with why there is none. */
  async triggerSavepoint({ targetDirectory, stop }: SavepointRequest): Promise<string> {
    const { graph, random } = this.#parts;
    const target = targetDirectory ?? this.settings.savepointDirectory;
    if (target === undefined || target === '') throw new NoSavepointDirectoryError();
    const directory = newSavepointDirectory(absolutePath(target, this.#resolving), graph.jobId, random);
    const location = { dataDirectory: directory, metadataDirectory: directory };
    await this.coordinator.trigger({ kind: 'savepoint', full: true, location, ...(stop && { stop }) });
    return directory;
  }

  /** Answers the number of the checkpoint. */
  async triggerCheckpoint({ full }: { readonly full: boolean }): Promise<number> {
    return (await this.coordinator.trigger({ kind: 'checkpoint', full })).metadata.checkpointId;
  }

  status(): CheckpointsStatus {
    return this.#statistics.status();
  }

  /** The job has ended: its checkpoints go, unless they are to be retained. Ends when that is done. */
  async ended(outcome: 'FINISHED' | 'FAILED' | 'CANCELED'): Promise<void> {
    this.coordinator.suspend(`the job has ended: ${outcome}`);
    const { counts } = this.#statistics.status();
    const used = this.settings.intervalMs !== undefined || counts.total > 0 || this.#completed.latest !== undefined;
    if (used && !this.#retains(outcome)) {
      this.#completed.discardAll([this.#data?.root, this.#metadata?.root].filter((root) => root !== undefined));
    }
    await this.#completed.idle();
  }

  get #resolving(): ResolveOptions {
    return { defaultScheme: this.#parts.configuration.get(fsDefaultScheme) };
  }

  #retains(outcome: 'FINISHED' | 'FAILED' | 'CANCELED'): boolean {
    switch (outcome) {
      case 'FINISHED':
        return false;
      case 'FAILED':
        return this.settings.retention !== 'NO_EXTERNALIZED_CHECKPOINTS';
      case 'CANCELED':
        return this.settings.retention === 'RETAIN_ON_CANCELLATION';
    }
  }

  #locate(checkpointId: number): CheckpointLocation {
    const of = (directories: JobDirectories | undefined): string | undefined =>
      directories && checkpointDirectory(directories, checkpointId);
    return { dataDirectory: of(this.#data), metadataDirectory: of(this.#metadata) };
  }

  async #begin(): Promise<void> {
    if (this.settings.intervalMs !== undefined) await this.#makeDirectories();
    const path = this.#parts.configuration.get(executionSavepointPath);
    if (path !== undefined && path !== '') await this.#adopt(path);
  }

  async #makeDirectories(): Promise<void> {
    for (const directory of [this.#data?.shared, this.#data?.taskOwned, this.#metadata?.root]) {
      if (directory === undefined) continue;
      const { fileSystem, path } = this.#parts.files.resolve(directory);
      await fileSystem.makeDirectories(path);
    }
  }

  /** The checkpoint or savepoint that the job was submitted with. */
  async #adopt(path: string): Promise<void> {
    const { metadata, directory } = await readMetadata(path, this.#parts.files, this.#resolving);
    const mode = this.#parts.configuration.get(executionStateRecoveryClaimMode);
    const location = { dataDirectory: directory, metadataDirectory: directory };
    this.#completed.add({ metadata, location, ownership: mode === 'CLAIM' ? 'claimed' : 'foreign' });
    this.coordinator.beginAfter(metadata.checkpointId, mode === 'NO_CLAIM');
  }

  async #latestReadable(): Promise<CompletedCheckpoint | undefined> {
    for (let latest = this.#completed.latest; latest; latest = this.#completed.latest) {
      try {
        await verifyCheckpoint(latest, this.#parts.files);
        return latest;
      } catch (error) {
        // Files that cannot be looked at just now may be whole; what an older checkpoint knows nothing of may be committed.
        if (error instanceof FlinkError && error.retriable) throw error;
        this.#giveUp(latest, error);
      }
    }
    if (this.#damaged.length > 0) throw new NoReadableCheckpointError(this.#damaged, this.#damage);
    return undefined;
  }

  /** A checkpoint cannot be restored from: what follows begins from an older one. */
  #giveUp(checkpoint: CompletedCheckpoint, error: unknown): void {
    const { metadata } = checkpoint;
    const { checkpointId } = metadata;
    const problem = describeDamage(metadata, error instanceof Error ? error.message : String(error));
    this.#completed.forget(checkpointId);
    const later = this.#damaged.filter((damaged) => damaged.checkpointId > checkpointId);
    this.#damaged = [...later, { checkpointId, path: pathOf(checkpoint), problem }];
    this.#damage = error;
    const older = this.#completed.latest;
    const next = older === undefined ? 'there is no older one' : `checkpoint ${older.metadata.checkpointId} is taken instead`;
    this.#parts.logger.warn(`checkpoint ${checkpointId} cannot be restored from, ${next}`, { path: pathOf(checkpoint), problem });
  }
}

function pathOf({ location, metadata }: CompletedCheckpoint): string {
  return location.metadataDirectory ?? `checkpoint ${metadata.checkpointId}`;
}
