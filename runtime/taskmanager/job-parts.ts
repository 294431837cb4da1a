import type { JobId, Logger, TaskManagerId } from '#core';
import type { BlobCache, FetchChunk } from '../blob/blob-cache.js';
import type { BlobStore } from '../blob/blob-store.js';
import type { ProgramBundles } from '../blob/program-bundles.js';
import type { AttemptEnded, DeployJob, SlotRun } from '../control/messages.js';
import type { ChannelAllocator } from '../exchange/channel-allocator.js';
import type { Doorbell } from '../exchange/doorbell.js';
import { channelName, type ChannelId } from '../exchange/channel-id.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { SlotCommand, SubtaskId } from '../task/deployment.js';
import { NoSuchSlotError, SlotOccupiedError } from './errors.js';
import { OccupiedSlot, type SlotRunServices } from './slot-run.js';

/** Where the bundles of jobs come from. */
export type JobBlobs = Pick<BlobCache, 'provide'> & { readonly store: Pick<BlobStore, 'letGo'> };
/** Makes modules of bundles. */
export type JobPrograms = Pick<ProgramBundles, 'localise' | 'remove'>;

export interface JobPartsOptions {
  readonly taskManagerId: TaskManagerId;
  readonly bells: readonly Doorbell[];
  readonly blobs: JobBlobs;
  readonly programs: JobPrograms;
  readonly channels: ChannelAllocator;
  readonly configuration: Readonly<Record<string, string>>;
  readonly logger: Logger;
  readonly runs: Omit<SlotRunServices, 'released'>;
  /** A run has ended and its slot is free. */
  onReleased(run: SlotRun): void;
}

/** The parts of jobs that run in a TaskManager: what is in its slots, and what is kept for the jobs. */
export class JobParts {
  readonly #slots: (OccupiedSlot | undefined)[];
  /** Every job that was deployed here and has not ended. */
  readonly #graphs = new Map<JobId, JobGraph>();
  /** Attempts that have channels. */
  readonly #attempts = new Map<JobId, number>();

  constructor(private readonly options: JobPartsOptions) {
    this.#slots = options.bells.map(() => undefined);
  }

  get jobs(): readonly JobGraph[] {
    return [...this.#graphs.values()];
  }

  /** Begins an attempt. Throws `SlotOccupiedError`, `NoSuchSlotError`; what fails later is reported by the slots. */
  deploy(message: DeployJob, fetch: FetchChunk): void {
    const { graph, attempt, slots } = message;
    for (const { slot } of slots) this.#checkFree(slot);
    this.#supersede(graph.jobId, attempt);
    this.#graphs.set(graph.jobId, graph);
    const occupied = slots.map(({ slot, subtasks }) => this.#occupy({ jobId: graph.jobId, attempt, slot }, subtasks));
    void this.#begin(message, occupied, fetch);
  }

  /** Answers whether there is such a run. */
  command({ jobId, attempt, slot }: SlotRun, command: SlotCommand): boolean {
    const occupied = this.#slots[slot];
    if (occupied?.run.jobId !== jobId || occupied.run.attempt !== attempt) return false;
    occupied.command(command);
    return true;
  }

  attemptEnded({ jobId, attempt }: Pick<AttemptEnded, 'jobId' | 'attempt'>): void {
    if (this.#attempts.get(jobId) !== attempt) return;
    this.#attempts.delete(jobId);
    this.options.channels.release(jobId, attempt);
  }

  /** Forgets the job, ending what is left of it. */
  async jobEnded(jobId: JobId): Promise<void> {
    this.#graphs.delete(jobId);
    await Promise.all(this.#of(jobId).map((occupied) => occupied.terminate()));
    const attempt = this.#attempts.get(jobId);
    if (attempt !== undefined) this.attemptEnded({ jobId, attempt });
    this.options.blobs.store.letGo(jobId);
    await this.options.programs.remove(jobId).catch((error: unknown) => {
      this.options.logger.warn('cannot remove the program of a job that has ended', { jobId, error: String(error) });
    });
  }

  /** Channels broke: the tasks at their ends fail. */
  channelsFailed(channels: readonly ChannelId[], error: Error): void {
    for (const { jobId, attempt, edge, producer, consumer } of channels.map(channelName)) {
      const found = this.#graphs.get(jobId)?.edges[edge];
      if (!found) continue;
      const ends = [
        { vertexId: found.to, subtaskIndex: consumer },
        { vertexId: found.from, subtaskIndex: producer },
      ];
      for (const subtask of ends) this.#runOf(jobId, attempt, subtask)?.fail(error, subtask);
    }
  }

  /** No task here can go on. */
  allFailed(error: Error): void {
    for (const occupied of this.#slots) occupied?.fail(error);
  }

  #checkFree(slot: number): void {
    const { taskManagerId, bells } = this.options;
    if (slot >= bells.length) throw new NoSuchSlotError(taskManagerId, slot);
    if (this.#slots[slot]) throw new SlotOccupiedError(taskManagerId, slot);
  }

  #supersede(jobId: JobId, attempt: number): void {
    const before = this.#attempts.get(jobId);
    if (before !== undefined) this.attemptEnded({ jobId, attempt: before });
    this.#attempts.set(jobId, attempt);
  }

  #occupy(run: SlotRun, subtasks: readonly SubtaskId[]): OccupiedSlot {
    const occupied = new OccupiedSlot(run, subtasks, {
      ...this.options.runs,
      released: () => {
        this.#slots[run.slot] = undefined;
        this.options.onReleased(run);
      },
    });
    this.#slots[run.slot] = occupied;
    return occupied;
  }

  /** Fetches the program, makes the channels of all slots, and only then lets the first one begin. */
  async #begin({ graph, attempt, slots, placements }: DeployJob, occupied: readonly OccupiedSlot[], fetch: FetchChunk): Promise<void> {
    const { taskManagerId, bells, channels, configuration } = this.options;
    try {
      const programUrl = await this.#program(graph, fetch);
      const assignments = occupied
        .filter(({ released }) => !released)
        .map((slot) => {
          const { run, subtasks } = slot;
          const restores = slots.find((part) => part.slot === run.slot)?.restores ?? [];
          const deployment = { graph, attempt, slot: run.slot, subtasks, restores, placements };
          const assignment = {
            deployment,
            channels: channels.allocate(deployment),
            bell: bells[slot.run.slot]!.memory,
            programUrl,
            taskManagerId,
            configuration,
          };
          return { slot, assignment };
        });
      for (const { slot, assignment } of assignments) slot.begin(assignment);
    } catch (error) {
      for (const slot of occupied) slot.fail(error);
    }
  }

  async #program({ jobId, program: { bundle } }: JobGraph, fetch: FetchChunk): Promise<string> {
    await this.options.blobs.provide(bundle, jobId, fetch);
    if (!this.#graphs.has(jobId)) this.options.blobs.store.letGo(jobId);
    return await this.options.programs.localise(bundle, jobId);
  }

  #of(jobId: JobId): readonly OccupiedSlot[] {
    return this.#slots.filter((occupied) => occupied !== undefined).filter(({ run }) => run.jobId === jobId);
  }

  #runOf(jobId: JobId, attempt: number, { vertexId, subtaskIndex }: SubtaskId): OccupiedSlot | undefined {
    return this.#of(jobId).find(
      ({ run, subtasks }) =>
        run.attempt === attempt && subtasks.some((subtask) => subtask.vertexId === vertexId && subtask.subtaskIndex === subtaskIndex),
    );
  }
}
