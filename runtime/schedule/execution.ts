import type { Clock, TaskManagerId, VertexId } from '#core';
import type { FinishStep } from '#api';
import type { TaskMetrics, TaskState } from '../task/deployment.js';

/** Where an execution runs. */
export interface ExecutionPlace {
  readonly taskManagerId: TaskManagerId;
  readonly host: string;
  readonly dataPort: number;
  readonly slot: number;
}

/** In which order an execution passes its states; it may skip some, never go back. */
const ORDER: Readonly<Record<TaskState, number>> = {
  CREATED: 0,
  SCHEDULED: 1,
  DEPLOYING: 2,
  INITIALIZING: 3,
  RUNNING: 4,
  CANCELING: 5,
  FINISHED: 6,
  CANCELED: 6,
  FAILED: 6,
};
const TERMINAL = ORDER.FINISHED;

/** One attempt of one subtask. */
export class Execution {
  #state: TaskState = 'CREATED';
  readonly #timestamps: Partial<Record<TaskState, number>> = {};
  #place: ExecutionPlace | undefined;
  metrics: TaskMetrics | undefined;
  /** What it said when it finished. */
  #accumulators: Readonly<Record<string, unknown>> = {};
  #steps: readonly FinishStep[] = [];

  constructor(
    readonly vertexId: VertexId,
    readonly subtaskIndex: number,
    readonly attempt: number,
    private readonly clock: Clock,
  ) {
    this.#timestamps.CREATED = clock.now();
  }

  get state(): TaskState {
    return this.#state;
  }
  get timestamps(): Readonly<Partial<Record<TaskState, number>>> {
    return { ...this.#timestamps };
  }
  get place(): ExecutionPlace | undefined {
    return this.#place;
  }
  get accumulators(): Readonly<Record<string, unknown>> {
    return this.#accumulators;
  }
  get steps(): readonly FinishStep[] {
    return this.#steps;
  }
  get terminal(): boolean {
    return ORDER[this.#state] === TERMINAL;
  }

  /** Enters the state, unless it is not ahead of the present one: a late or repeated report. Answers whether it did. */
  enter(state: TaskState): boolean {
    if (ORDER[state] <= ORDER[this.#state]) return false;
    this.#state = state;
    this.#timestamps[state] = this.clock.now();
    return true;
  }

  placeAt(place: ExecutionPlace): void {
    this.#place = place;
  }

  finish(accumulators: Readonly<Record<string, unknown>>, steps: readonly FinishStep[]): boolean {
    if (!this.enter('FINISHED')) return false;
    this.#accumulators = accumulators;
    this.#steps = steps;
    return true;
  }
}
