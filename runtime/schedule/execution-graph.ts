import { type Clock, invariant, type TaskManagerId } from '#core';
import type { JobGraph } from '../plan/job-graph.js';
import type { Placement, SubtaskId, TaskMetrics, TaskState } from '../task/deployment.js';
import { Execution, type ExecutionPlace } from './execution.js';
import { type SlotRequest, slotRequestsOf } from './slot-sharing.js';

/** A slot of an attempt: what runs there. */
export interface AssignedSlot {
  readonly place: ExecutionPlace;
  readonly executions: readonly Execution[];
}

/** A job as it is executed: every subtask with its present attempt, and the slots of the attempt. */
export class ExecutionGraph {
  readonly slotRequests: readonly SlotRequest[];
  #attempt = 0;
  #executions: readonly Execution[];
  #byName: ReadonlyMap<string, Execution>;
  #slots: readonly AssignedSlot[] = [];

  constructor(
    readonly graph: JobGraph,
    private readonly clock: Clock,
  ) {
    this.slotRequests = slotRequestsOf(graph);
    this.#executions = this.#newExecutions();
    this.#byName = byName(this.#executions);
  }

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
    this.#executions = this.#newExecutions();
    this.#byName = byName(this.#executions);
    this.#slots = [];
  }

  /** Gives the slot requests their places, in their order. */
  assign(places: readonly ExecutionPlace[]): void {
    invariant(places.length === this.slotRequests.length, 'every slot request is given a place');
    this.#slots = this.slotRequests.map((request, index) => {
      const place = places[index]!;
      const executions = request.subtasks.map((subtask) => this.execution(subtask)!);
      for (const execution of executions) execution.placeAt(place);
      return { place, executions };
    });
  }

  execution(subtask: SubtaskId): Execution | undefined {
    return this.#byName.get(nameOf(subtask));
  }

  slotAt(taskManagerId: TaskManagerId, slot: number): AssignedSlot | undefined {
    return this.#slots.find(({ place }) => place.taskManagerId === taskManagerId && place.slot === slot);
  }

  slotOf(subtask: SubtaskId): AssignedSlot | undefined {
    const place = this.execution(subtask)?.place;
    return place && this.slotAt(place.taskManagerId, place.slot);
  }

  /** Of all subtasks of the present attempt. */
  placements(): readonly Placement[] {
    return this.#slots.flatMap(({ place, executions }) =>
      executions.map(({ vertexId, subtaskIndex }) => ({ vertexId, subtaskIndex, ...place })),
    );
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

  #newExecutions(): readonly Execution[] {
    return this.graph.vertices.flatMap(({ id, parallelism }) =>
      Array.from({ length: parallelism }, (_, index) => new Execution(id, index, this.#attempt, this.clock)),
    );
  }
}

function nameOf({ vertexId, subtaskIndex }: SubtaskId): string {
  return `${vertexId}/${subtaskIndex}`;
}

function byName(executions: readonly Execution[]): ReadonlyMap<string, Execution> {
  return new Map(executions.map((execution) => [nameOf(execution), execution]));
}
