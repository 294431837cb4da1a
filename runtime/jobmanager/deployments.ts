import type { TaskManagerId } from '#core';
import { restoresOf } from '../checkpoint/restore.js';
import type { DeployJob, SlotPart, SlotRun } from '../control/messages.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { Execution, ExecutionPlace } from '../schedule/execution.js';
import type { AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import type { SlotSituation } from '../schedule/errors.js';
import type { RestoredSubtask, SlotCommand, SubtaskId } from '../task/deployment.js';
import type { JobServices, WantedSlot } from './job-services.js';

/** Regions of a job, by id. */
export type Regions = ReadonlySet<number>;

/** What is deployed at once. */
export interface Deployment {
  readonly graph: JobGraph;
  readonly regions: Regions;
  /** For each slot that the regions need. */
  readonly places: readonly ExecutionPlace[];
  readonly restores: readonly RestoredSubtask[];
  /** A TaskManager did not take its share. */
  failed(taskManagerId: TaskManagerId, slots: readonly AssignedSlot[], error: unknown): void;
}

/** What of a job runs in which slots of the cluster: takes them, deploys and commands, and keeps account until they are released. */
export class Deployments {
  /** Not released yet. */
  readonly #open = new Set<AssignedSlot>();
  readonly #participants = new Set<TaskManagerId>();

  constructor(
    private readonly executions: ExecutionGraph,
    private readonly services: JobServices,
  ) {}

  isOpen(slot: AssignedSlot): boolean {
    return this.#open.has(slot);
  }

  /** Nothing of the regions is in a slot any more. */
  drained(regions: Regions): boolean {
    return [...this.#open].every(({ region }) => !regions.has(region));
  }

  /** Where the run is, unless it is over or not one of this job. */
  find(taskManagerId: TaskManagerId, { slot, attempt }: Pick<SlotRun, 'slot' | 'attempt'>): AssignedSlot | undefined {
    const assigned = this.executions.slotAt(taskManagerId, slot, attempt);
    return assigned && this.#open.has(assigned) ? assigned : undefined;
  }

  released(slot: AssignedSlot): void {
    this.#open.delete(slot);
  }

  /** Answers what was there. */
  lost(taskManagerId: TaskManagerId): readonly AssignedSlot[] {
    const slots = [...this.#open].filter(({ place }) => place.taskManagerId === taskManagerId);
    for (const slot of slots) this.#open.delete(slot);
    return slots;
  }

  /** Slots for all subtasks of the regions, or none: where others of the job run that share their slots, beside these. */
  take(regions: Regions): readonly ExecutionPlace[] | undefined {
    return this.services.takeSlots(this.executions.graph.jobId, this.#wanted(regions));
  }

  /** How many slots the regions need beside those that the job has. */
  slotsNeeded(regions: Regions): number {
    return this.#wanted(regions).filter(({ beside }) => beside === undefined).length;
  }

  situation(regions: Regions): SlotSituation {
    return this.services.situation(this.slotsNeeded(regions));
  }

  deploy({ graph, regions, places, restores, failed }: Deployment): void {
    const assigned = this.executions.assign(regions, places);
    for (const slot of assigned) {
      this.#open.add(slot);
      for (const execution of slot.executions) execution.enter('DEPLOYING');
    }
    const placements = this.executions.placements(regions);
    for (const taskManagerId of new Set(places.map((place) => place.taskManagerId))) {
      this.#participants.add(taskManagerId);
      const own = assigned.filter(({ place }) => place.taskManagerId === taskManagerId);
      const message: DeployJob = { type: 'deployJob', graph, slots: own.map((slot) => this.#partOf(slot, restores)), placements };
      this.services.deploy(taskManagerId, message).catch((error: unknown) => {
        failed(taskManagerId, own, error);
      });
    }
  }

  /** Each slot answers that it is released, sooner or later. */
  cancel(regions: Regions): void {
    for (const slot of this.#open) {
      if (!regions.has(slot.region)) continue;
      for (const execution of slot.executions) execution.enter('CANCELING');
      this.command(slot, { type: 'cancel' });
    }
    // Those that are in no slot are over as they are.
    for (const execution of this.executions.executionsOf(regions)) if (execution.state !== 'CANCELING') execution.enter('CANCELED');
  }

  command({ place: { taskManagerId, slot }, attempt }: AssignedSlot, command: SlotCommand): void {
    this.services.send(taskManagerId, { type: 'commandSlot', jobId: this.executions.graph.jobId, attempt, slot, command });
  }

  /** The memory of the regions' channels may be taken back, everywhere. */
  attemptEnded(regions: Regions): void {
    const { jobId } = this.executions.graph;
    for (const id of this.#participants) {
      for (const attempt of this.executions.attemptsOf(regions)) this.services.send(id, { type: 'attemptEnded', jobId, attempt });
    }
  }

  jobEnded(): void {
    for (const id of this.#participants) this.services.send(id, { type: 'jobEnded', jobId: this.executions.graph.jobId });
  }

  #wanted(regions: Regions): readonly WantedSlot[] {
    return this.executions.slotsFor(regions).map(({ attempts, neighbours }) => {
      return { attempts, beside: neighbours.find((slot) => this.#open.has(slot))?.place };
    });
  }

  #partOf({ request, attempt, place: { slot }, executions }: AssignedSlot, restores: readonly RestoredSubtask[]): SlotPart {
    const subtasks = executions.map(nameOf);
    const sharedBy = this.executions.regionsSharing(request);
    const attemptNumber = executions[0]!.attempt;
    return { slot, attempt, attemptNumber, sharedBy, subtasks, restores: restoresOf(subtasks, restores) };
  }
}

function nameOf({ vertexId, subtaskIndex }: Execution): SubtaskId {
  return { vertexId, subtaskIndex };
}
