import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileSystems, type FlinkError, fromFileUri, joinPath, SeededRandom, silentLogger, toFileUri } from '#core';
import { Configuration } from '#conf';
import { nameOfSubtask, subtasksOf } from '../../../runtime/plan/subtasks.js';
import { type CheckpointSettings, checkpointSettings } from '../../../runtime/checkpoint/checkpoint-settings.js';
import type { CheckpointTargets } from '../../../runtime/checkpoint/checkpoint-targets.js';
import { CompletedCheckpoints } from '../../../runtime/checkpoint/completed-checkpoints.js';
import { CheckpointCoordinator } from '../../../runtime/checkpoint/coordinator.js';
import { bytesOfMetadata, segmentsOfMetadata } from '../../../runtime/checkpoint/handle-walk.js';
import type { BytesHandle, CheckpointOptions, SubtaskSnapshot } from '../../../runtime/checkpoint/handles.js';
import { CheckpointStatistics } from '../../../runtime/checkpoint/statistics/checkpoint-statistics.js';
import { checkpointDirectory, jobDirectories } from '../../../runtime/checkpoint/storage/directories.js';
import type { JobGraph } from '../../../runtime/plan/job-graph.js';
import type { SubtaskId, TaskState } from '../../../runtime/task/deployment.js';
import { ManualClock } from '../../support/manual-clock.js';
import { keyedSnapshot, segment, subtaskSnapshot } from '../../support/sample-checkpoint.js';

/** A checkpoint that a scripted subtask has written and not acknowledged. */
export interface Written {
  readonly subtask: SubtaskId;
  readonly checkpointId: number;
  readonly snapshot: SubtaskSnapshot;
}

/**
 * A coordinator over scripted tasks, with real files. Each task writes, as soon as a checkpoint begins, one file that later checkpoints
 * refer to, for as long as `keeps` of them, and one of its own; the test says who acknowledges.
 */
export class CoordinatorRig implements CheckpointTargets {
  readonly clock = new ManualClock();
  readonly settings: CheckpointSettings;
  readonly completed: CompletedCheckpoints;
  readonly statistics: CheckpointStatistics;
  readonly coordinator: CheckpointCoordinator;
  readonly states = new Map<string, TaskState>();
  /** In their order, with the ids of those triggered. */
  readonly triggered: { readonly checkpointId: number; readonly names: readonly string[]; readonly options: CheckpointOptions }[] = [];
  readonly notifiedComplete: number[] = [];
  readonly notifiedAborted: number[] = [];
  readonly failures: FlinkError[] = [];
  written: Written[] = [];
  keeps = 3;
  /** Files that nobody will ever hear of. */
  readonly lostFiles = new Set<string>();
  readonly #begun = new Set<number>();

  constructor(
    readonly graph: JobGraph,
    readonly directory: string,
    configuration: Readonly<Record<string, string>> = {},
  ) {
    this.settings = checkpointSettings(Configuration.of({ 'execution.checkpointing.dir': directory, ...configuration }));
    const own = jobDirectories(toFileUri(directory), graph.jobId);
    this.completed = new CompletedCheckpoints({
      files: fileSystems,
      logger: silentLogger,
      numRetained: this.settings.numRetained,
      underWay: () => this.coordinator.underWay,
      onDiscarded: () => undefined,
    });
    this.statistics = new CheckpointStatistics(graph, this.clock, 10);
    this.coordinator = new CheckpointCoordinator({
      graph,
      settings: this.settings,
      targets: this,
      completed: this.completed,
      statistics: this.statistics,
      clock: this.clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      locate: (id) => ({ dataDirectory: checkpointDirectory(own, id), metadataDirectory: checkpointDirectory(own, id) }),
      sharedDirectory: own.shared,
    });
    this.enterAll('RUNNING');
  }

  get root(): string {
    return jobDirectories(toFileUri(this.directory), this.graph.jobId).root;
  }

  enterAll(state: TaskState): void {
    for (const subtask of subtasksOf(this.graph)) this.states.set(nameOfSubtask(subtask), state);
  }

  finish(subtask: SubtaskId): void {
    this.states.set(nameOfSubtask(subtask), 'FINISHED');
    for (const written of this.written.filter((one) => nameOfSubtask(one.subtask) === nameOfSubtask(subtask))) this.lose(written);
    this.coordinator.taskFinished(subtask);
  }

  /** Everything of the latest attempt that was not acknowledged is gone; the next attempt begins from the latest checkpoint. */
  restart(): void {
    this.coordinator.suspend('the job fails');
    for (const written of this.written) this.lose(written);
    this.enterAll('RUNNING');
    this.coordinator.start();
  }

  acknowledge(written: Written): void {
    this.written = this.written.filter((other) => other !== written);
    this.coordinator.acknowledge(written.subtask, written.checkpointId, written.snapshot);
  }

  /** The subtask ends before its acknowledgement is sent. */
  lose(written: Written): void {
    this.written = this.written.filter((other) => other !== written);
    for (const path of freshFiles(written.snapshot)) this.lostFiles.add(path);
  }

  acknowledgeAll(checkpointId: number): void {
    for (const written of this.written.filter((one) => one.checkpointId === checkpointId)) this.acknowledge(written);
  }

  /** All files below the directory, as URIs. */
  files(): readonly string[] {
    if (!existsSync(this.directory)) return [];
    return readdirSync(this.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => toFileUri(`${entry.parentPath}/${entry.name}`))
      .toSorted();
  }

  /** Those that complete checkpoints which are kept refer to. */
  needed(): readonly string[] {
    const paths = this.completed.retained.flatMap(({ metadata, location }) => [
      joinPath(location.metadataDirectory!, '_metadata'),
      ...bytesOfMetadata(metadata).flatMap((bytes) => (bytes.kind === 'file' ? [bytes.path] : [])),
    ]);
    return [...new Set(paths)].toSorted();
  }

  // What the coordinator sees of the tasks.

  stateOf(subtask: SubtaskId): TaskState {
    return this.states.get(nameOfSubtask(subtask)) ?? 'CREATED';
  }
  describe({ vertexId, subtaskIndex }: SubtaskId): string {
    return `Step ${Number.parseInt(vertexId, 16)} (${subtaskIndex + 1})`;
  }
  leftBy(): { steps: []; accumulators: Record<string, never> } {
    return { steps: [], accumulators: {} };
  }

  /** Barriers are as fast as light: all running subtasks have written their part at once. */
  trigger(subtasks: readonly SubtaskId[], checkpointId: number, _timestampMs: number, options: CheckpointOptions): void {
    this.triggered.push({ checkpointId, names: subtasks.map(nameOfSubtask), options });
    if (this.#begun.has(checkpointId)) return;
    this.#begun.add(checkpointId);
    for (const subtask of subtasksOf(this.graph)) {
      if (this.stateOf(subtask) === 'RUNNING') this.written.push({ subtask, checkpointId, snapshot: this.#write(subtask, options) });
    }
  }

  notifyComplete(checkpointId: number): void {
    this.notifiedComplete.push(checkpointId);
  }
  notifyAborted(checkpointId: number): void {
    this.notifiedAborted.push(checkpointId);
  }
  failJob(error: FlinkError): void {
    this.failures.push(error);
  }

  /** Like a state backend: builds on the segments of the complete checkpoint that the barrier names. */
  #write(subtask: SubtaskId, options: CheckpointOptions): SubtaskSnapshot {
    const base = this.completed.retained.find(({ metadata }) => metadata.checkpointId === options.completedCheckpointId);
    const former = options.full || !base ? [] : segmentsOfMetadata(base.metadata);
    const mine = former.filter(({ id }) => id.startsWith(nameOfSubtask(subtask))).map((old) => ({ ...old, fresh: false }));
    const fresh = segment(`${nameOfSubtask(subtask)}:${randomUUID()}`, this.#file(options.sharedDirectory));
    const list = { mode: 'split', count: 0, elements: this.#file(options.exclusiveDirectory) } as const;
    const keyed = keyedSnapshot([...mine.slice(-this.keeps), fresh]);
    return subtaskSnapshot({ [subtask.vertexId]: { ...keyed, lists: { list } } });
  }

  #file(directory: string): BytesHandle {
    const path = joinPath(directory, randomUUID());
    mkdirSync(dirname(fromFileUri(path)), { recursive: true });
    writeFileSync(fromFileUri(path), 'abc');
    return { kind: 'file', path, sizeBytes: 3 };
  }
}

export function freshFiles(snapshot: SubtaskSnapshot): readonly string[] {
  return Object.values(snapshot.operators).flatMap(({ keyed, lists }) => [
    ...(keyed?.segments ?? []).filter(({ fresh }) => fresh).flatMap(({ bytes }) => (bytes.kind === 'file' ? [bytes.path] : [])),
    ...Object.values(lists).flatMap(({ elements }) => (elements.kind === 'file' ? [elements.path] : [])),
  ]);
}
