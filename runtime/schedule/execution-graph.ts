import { type Clock, invariant, type TaskManagerId } from '#core';
import type { JobGraph } from '../plan/job-graph.js';
import { nameOfSubtask, subtasksOf } from '../plan/subtasks.js';
import type { Placement, SubtaskId, TaskMetrics, TaskState } from '../task/deployment.js';
import { Execution, type ExecutionPlace } from './execution.js';
import { type FailoverStrategy, type Region, regionsOf } from './regions.js';
import { type SlotRequest, slotRequestsOf } from './slot-sharing.js';

/** What runs of a region in a slot. */
export interface AssignedSlot {
  /** Position of the slot's request. */
  readonly request: number;
  readonly region: number;
  /** Names what was deployed of the region, once in the job. */
  readonly attempt: number;
  readonly place: ExecutionPlace;
  readonly executions: readonly Execution[];
}

/** A slot for regions that begin. */
export interface RegionSlot {
  /** Position of the slot's request. */
  readonly request: number;
  /** What will run in it: one of each of the regions that have subtasks there. */
  readonly attempts: readonly number[];
  /** What runs there already, of other regions. */
  readonly neighbours: readonly AssignedSlot[];
}

/** What is known of a region. */
interface RegionRun {
  readonly region: Region;
  attempt: number;
  /** Of its subtasks, as people see it. */
  attemptNumber: number;
}

/** A job as it is executed: every subtask with its present attempt, and the slots of the attempts. */
export class ExecutionGraph {
  readonly slotRequests: readonly SlotRequest[];
  /** All of the job. */
  readonly regions: ReadonlySet<number>;
  readonly #runs: readonly RegionRun[];
  readonly #regionOf: ReadonlyMap<string, RegionRun>;
  #attempt = 0;
  #nextAttempt: number;
  readonly #byName = new Map<string, Execution>();
  #executions: readonly Execution[] = [];
  #slots: readonly AssignedSlot[] = [];

  constructor(
    readonly graph: JobGraph,
    private readonly clock: Clock,
    strategy: FailoverStrategy = 'full',
  ) {
    this.slotRequests = slotRequestsOf(graph);
    this.#runs = regionsOf(graph, strategy).map((region) => ({ region, attempt: region.id, attemptNumber: 0 }));
    this.regions = new Set(this.#runs.keys());
    this.#nextAttempt = this.#runs.length;
    this.#regionOf = new Map(this.#runs.flatMap((run) => run.region.subtasks.map((subtask) => [nameOfSubtask(subtask), run])));
    this.#renew(this.#runs);
  }

  /** From 0, counts restarts of the whole job. */
  get attempt(): number {
    return this.#attempt;
  }
  /** In the order of the graph. */
  get executions(): readonly Execution[] {
    return this.#executions;
  }
  get slots(): readonly AssignedSlot[] {
    return this.#slots;
  }

  /** Everything from scratch. */
  nextAttempt(): void {
    this.#attempt++;
    this.#slots = [];
    this.#begin(this.#runs);
  }

  /** Regions from scratch; the others stay as they are. */
  restart(regions: ReadonlySet<number>): void {
    this.#slots = this.#slots.filter(({ region }) => !regions.has(region));
    this.#begin(this.#runsOf(regions));
  }

  /** The names of what was deployed, or is about to be, of the regions. */
  attemptsOf(regions: ReadonlySet<number>): readonly number[] {
    return this.#runsOf(regions).map(({ attempt }) => attempt);
  }

  executionsOf(regions: ReadonlySet<number>): readonly Execution[] {
    return this.#runsOf(regions).flatMap(({ region }) => region.subtasks.map((subtask) => this.execution(subtask)!));
  }

  regionOf(subtask: SubtaskId): number | undefined {
    return this.#regionOf.get(nameOfSubtask(subtask))?.region.id;
  }

  /** The slots that the regions need, in the order of the requests. */
  slotsFor(regions: ReadonlySet<number>): readonly RegionSlot[] {
    return this.slotRequests.flatMap((slotRequest, request) => {
      const there = this.#regionsIn(slotRequest);
      const attempts = there.filter(({ region: { id } }) => regions.has(id)).map(({ attempt }) => attempt);
      if (attempts.length === 0) return [];
      const neighbours = this.#slots.filter((slot) => slot.request === request && !regions.has(slot.region));
      return [{ request, attempts, neighbours }];
    });
  }

  /** How many regions have subtasks in the slot of a request. */
  regionsSharing(request: number): number {
    return this.#regionsIn(this.slotRequests[request]!).length;
  }

  /** Gives the slots of regions their places, in the order of {@link slotsFor}. Answers what is to be deployed. */
  assign(regions: ReadonlySet<number>, places: readonly ExecutionPlace[]): readonly AssignedSlot[] {
    const wanted = this.slotsFor(regions);
    invariant(places.length === wanted.length, 'every slot that is wanted is given a place');
    const assigned = wanted.flatMap(({ request, attempts }, index) =>
      attempts.map((attempt) => this.#assign(request, attempt, places[index]!)),
    );
    this.#slots = [...this.#slots, ...assigned];
    return assigned;
  }

  execution(subtask: SubtaskId): Execution | undefined {
    return this.#byName.get(nameOfSubtask(subtask));
  }

  slotAt(taskManagerId: TaskManagerId, slot: number, attempt: number): AssignedSlot | undefined {
    return this.#slots.find(
      ({ place, attempt: present }) => present === attempt && place.taskManagerId === taskManagerId && place.slot === slot,
    );
  }

  slotOf(subtask: SubtaskId): AssignedSlot | undefined {
    const run = this.#regionOf.get(nameOfSubtask(subtask));
    const place = this.execution(subtask)?.place;
    return place && run && this.slotAt(place.taskManagerId, place.slot, run.attempt);
  }

  /** Of all subtasks of regions that have been assigned. */
  placements(regions: ReadonlySet<number>): readonly Placement[] {
    const slots = this.#slots.filter(({ region }) => regions.has(region));
    return slots.flatMap(({ place, executions }) => executions.map(({ vertexId, subtaskIndex }) => ({ vertexId, subtaskIndex, ...place })));
  }

  enterAll(state: TaskState): void {
    for (const execution of this.#executions) execution.enter(state);
  }

  record(tasks: readonly TaskMetrics[]): void {
    for (const metrics of tasks) {
      const execution = this.execution(metrics);
      if (execution) execution.metrics = metrics;
    }
  }

  get allFinished(): boolean {
    return this.#executions.every(({ state }) => state === 'FINISHED');
  }

  /** Name of a subtask for people: `Map -> Sink (2/4)`. */
  describe(subtask: SubtaskId): string {
    const vertex = this.graph.vertices.find(({ id }) => id === subtask.vertexId);
    return vertex ? `${vertex.name} (${subtask.subtaskIndex + 1}/${vertex.parallelism})` : subtask.vertexId;
  }

  #begin(runs: readonly RegionRun[]): void {
    for (const run of runs) {
      run.attempt = this.#nextAttempt++;
      run.attemptNumber++;
    }
    this.#renew(runs);
  }

  #renew(runs: readonly RegionRun[]): void {
    for (const { region, attemptNumber } of runs) {
      for (const subtask of region.subtasks) {
        this.#byName.set(nameOfSubtask(subtask), new Execution(subtask.vertexId, subtask.subtaskIndex, attemptNumber, this.clock));
      }
    }
    this.#executions = subtasksOf(this.graph).map((subtask) => this.#byName.get(nameOfSubtask(subtask))!);
  }

  #assign(request: number, attempt: number, place: ExecutionPlace): AssignedSlot {
    const own = this.slotRequests[request]!.subtasks.filter((subtask) => this.#regionOf.get(nameOfSubtask(subtask))!.attempt === attempt);
    const executions = own.map((subtask) => this.execution(subtask)!);
    for (const execution of executions) execution.placeAt(place);
    return { request, region: this.regionOf(own[0]!)!, attempt, place, executions };
  }

  #regionsIn({ subtasks }: SlotRequest): readonly RegionRun[] {
    return [...new Set(subtasks.map((subtask) => this.#regionOf.get(nameOfSubtask(subtask))!))];
  }

  #runsOf(regions: ReadonlySet<number>): readonly RegionRun[] {
    return this.#runs.filter(({ region }) => regions.has(region.id));
  }
}
