import type { JobId, Logger, TaskManagerId } from '#core';
import { taskManagerNumberOfTaskSlots } from '#conf';
import type { BlobCache, FetchChunk } from '../blob/blob-cache.js';
import type { BlobStore } from '../blob/blob-store.js';
import type { ProgramBundles } from '../blob/program-bundles.js';
import type { AttemptEnded, DeployJob, SlotPart, SlotRun } from '../control/messages.js';
import type { ChannelAllocator } from '../exchange/channel-allocator.js';
import type { Doorbell } from '../exchange/doorbell.js';
import { channelName, type ChannelId } from '../exchange/channel-id.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { Placement, SlotAssignment, SlotCommand, SubtaskId } from '../task/deployment.js';
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

interface OccupiedPart {
  readonly part: SlotPart;
  readonly slot: OccupiedSlot;
}

/** The parts of jobs that run in a TaskManager: what is in its slots, and what is kept for the jobs. */
export class JobParts {
  /** By slot: regions of one job. */
  readonly #slots: readonly Set<OccupiedSlot>[];
  /** Every job that was deployed here and has not ended. */
  readonly #graphs = new Map<JobId, JobGraph>();
  /** Attempts that have channels. */
  readonly #attempts = new Map<JobId, Set<number>>();

  constructor(private readonly options: JobPartsOptions) {
    this.#slots = options.bells.map(() => new Set());
  }

  get jobs(): readonly JobGraph[] {
    return [...this.#graphs.values()];
  }

  /** Begins attempts of regions. Throws `SlotOccupiedError`, `NoSuchSlotError`; what fails later is reported by the slots. */
  deploy(message: DeployJob, fetch: FetchChunk): void {
    const { graph, slots } = message;
    const { jobId } = graph;
    for (const { slot } of slots) this.#checkFree(slot, jobId);
    this.#graphs.set(jobId, graph);
    const attempts = this.#attempts.get(jobId) ?? new Set();
    this.#attempts.set(jobId, attempts);
    for (const { attempt } of slots) attempts.add(attempt);
    const occupied = slots.map((part) => ({ part, slot: this.#occupy(jobId, part) }));
    void this.#begin(message, occupied, fetch);
  }

  /** Answers whether there is such a run. */
  command({ jobId, attempt, slot }: SlotRun, command: SlotCommand): boolean {
    const occupied = [...(this.#slots[slot] ?? [])].find(({ run }) => run.jobId === jobId && run.attempt === attempt);
    occupied?.command(command);
    return occupied !== undefined;
  }

  attemptEnded({ jobId, attempt }: Pick<AttemptEnded, 'jobId' | 'attempt'>): void {
    if (this.#attempts.get(jobId)?.delete(attempt) === true) this.options.channels.release(jobId, attempt);
  }

  /** Forgets the job, ending what is left of it. */
  async jobEnded(jobId: JobId): Promise<void> {
    this.#graphs.delete(jobId);
    await Promise.all(this.#of(jobId).map((occupied) => occupied.terminate()));
    for (const attempt of this.#attempts.get(jobId) ?? []) this.attemptEnded({ jobId, attempt });
    this.#attempts.delete(jobId);
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
    for (const slot of this.#slots) for (const occupied of slot) occupied.fail(error);
  }

  /** Free, or shared by regions of the job. */
  #checkFree(slot: number, jobId: JobId): void {
    const { taskManagerId, bells } = this.options;
    if (slot >= bells.length) throw new NoSuchSlotError(taskManagerId, slot);
    for (const { run } of this.#slots[slot]!) if (run.jobId !== jobId) throw new SlotOccupiedError(taskManagerId, slot);
  }

  #occupy(jobId: JobId, { attempt, slot, subtasks, sharedBy }: SlotPart): OccupiedSlot {
    const run = { jobId, attempt, slot };
    const services: SlotRunServices = {
      ...this.options.runs,
      released: (released) => {
        this.#slots[slot]!.delete(released);
        this.options.onReleased(run);
      },
    };
    const occupied = new OccupiedSlot(run, subtasks, services, sharedBy);
    this.#slots[slot]!.add(occupied);
    return occupied;
  }

  /** Fetches the program, makes the channels of all slots, and only then lets the first one begin. */
  async #begin({ graph, placements }: DeployJob, occupied: readonly OccupiedPart[], fetch: FetchChunk): Promise<void> {
    try {
      const programUrl = await this.#program(graph, fetch);
      const assignments = occupied
        .filter(({ slot: { released } }) => !released)
        .map(({ part, slot }) => ({ slot, assignment: this.#assignment(graph, placements, part, programUrl) }));
      for (const { slot, assignment } of assignments) slot.begin(assignment);
    } catch (error) {
      for (const { slot } of occupied) slot.fail(error);
    }
  }

  #assignment(graph: JobGraph, placements: readonly Placement[], part: SlotPart, programUrl: string): SlotAssignment {
    const { taskManagerId, bells, channels } = this.options;
    const { slot, attempt, attemptNumber, subtasks, restores, sharedBy } = part;
    const deployment = { graph, attempt, attemptNumber, slot, subtasks, restores, placements };
    return {
      deployment,
      channels: channels.allocate(deployment),
      bell: bells[slot]!.memory,
      programUrl,
      taskManagerId,
      configuration: this.#configuration(sharedBy),
    };
  }

  /** What a thread reckons its memory from: those that share a slot take parts of it. */
  #configuration(sharedBy: number): Readonly<Record<string, string>> {
    const { configuration, bells } = this.options;
    return sharedBy === 1 ? configuration : { ...configuration, [taskManagerNumberOfTaskSlots.key]: String(bells.length * sharedBy) };
  }

  async #program({ jobId, program: { bundle } }: JobGraph, fetch: FetchChunk): Promise<string> {
    await this.options.blobs.provide(bundle, jobId, fetch);
    if (!this.#graphs.has(jobId)) this.options.blobs.store.letGo(jobId);
    return await this.options.programs.localise(bundle, jobId);
  }

  #of(jobId: JobId): readonly OccupiedSlot[] {
    return this.#slots.flatMap((slot) => [...slot]).filter(({ run }) => run.jobId === jobId);
  }

  #runOf(jobId: JobId, attempt: number, { vertexId, subtaskIndex }: SubtaskId): OccupiedSlot | undefined {
    return this.#of(jobId).find(
      ({ run, subtasks }) =>
        run.attempt === attempt && subtasks.some((subtask) => subtask.vertexId === vertexId && subtask.subtaskIndex === subtaskIndex),
    );
  }
}
