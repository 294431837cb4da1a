import type { VertexId } from '#core';
import type { OperatorEvent } from '../task/deployment.js';
import type { FeedbackQueue } from './feedback-queue.js';

/** A head of a loop, by its place. */
export interface LoopPlace {
  readonly vertexId: VertexId;
  readonly nodeId: number;
  readonly subtaskIndex: number;
  readonly parallelism: number;
}

/**
 * A loop in one of its subtasks: what is on its way round, and whether the loop goes on.
 *
 * Records may go from one subtask to another on their way. So a head that has heard nothing for long says only that it is quiet, to the
 * head of subtask 0; when all are, that one tells all that the loop has ended.
 */
export class FeedbackLoop {
  #ended = false;
  #onEnd: () => void = () => undefined;
  /** At subtask 0: who is quiet. */
  readonly #quiet = new Set<number>();

  constructor(
    readonly queue: FeedbackQueue,
    private readonly place: LoopPlace,
    private readonly send: (event: OperatorEvent) => void,
  ) {}

  /** All heads were quiet at a time. */
  get ended(): boolean {
    return this.#ended;
  }

  whenEnded(callback: () => void): void {
    this.#onEnd = callback;
  }

  /** Says to all heads whether this one hears nothing. */
  tell(quiet: boolean): void {
    this.#send(0, quiet ? 'iterationQuiet' : 'iterationActive');
  }

  receive({ kind, from }: OperatorEvent): void {
    if (kind === 'iterationActive') this.#quiet.delete(from);
    else if (kind === 'iterationQuiet') this.#hearQuiet(from);
    else if (kind === 'iterationEnded') {
      this.#ended = true;
      this.#onEnd();
    }
  }

  #hearQuiet(from: number): void {
    this.#quiet.add(from);
    if (this.#quiet.size < this.place.parallelism) return;
    for (let to = 0; to < this.place.parallelism; to++) this.#send(to, 'iterationEnded');
  }

  #send(to: number, kind: OperatorEvent['kind']): void {
    const { vertexId, nodeId, subtaskIndex } = this.place;
    this.send({ vertexId, nodeId, to, kind, from: subtaskIndex });
  }
}
