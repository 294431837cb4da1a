import type { Clock } from '#core';
import type { OperatorEvent, SlotCommand, SubtaskId } from '../task/deployment.js';
import type { AssignedSlot, ExecutionGraph } from '../schedule/execution-graph.js';
import { WatermarkAlignmentCoordinator } from './watermark-alignment.js';

/** Sends a command to a slot of the present attempt. */
export type SendToSlot = (slot: AssignedSlot, command: SlotCommand) => void;

/**
 * Passes events between the source readers of a job and their enumerators, and keeps aligned readers together.
 * What is for a subtask that has not begun yet waits for it.
 */
export class OperatorEventRouter {
  #held: OperatorEvent[] = [];

  readonly #alignment: WatermarkAlignmentCoordinator;

  constructor(
    private readonly executions: ExecutionGraph,
    private readonly send: SendToSlot,
    clock: Clock,
  ) {
    this.#alignment = new WatermarkAlignmentCoordinator({
      clock,
      isOver: (subtask) => executions.execution(subtask)?.terminal === true,
      send: (event) => {
        this.route(event);
      },
    });
  }

  route(event: OperatorEvent): void {
    if (event.to === 'alignment') this.#alignment.report(event);
    else this.#routeTo(targetOf(event), event);
  }

  #routeTo(target: SubtaskId, event: OperatorEvent): void {
    const slot = this.executions.slotOf(target);
    if (!slot) return;
    if (this.#begun(target)) this.send(slot, { type: 'operatorEvent', event });
    else this.#held.push(event);
  }

  /** A subtask changed its state: what waited for it is sent. */
  stateChanged(): void {
    if (this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.route(event);
  }

  forget(): void {
    this.#held = [];
    this.#alignment.forget();
  }

  /** Subtasks begin again: nothing of what was said to them before, or by them, counts. */
  forgetSubtasks(isForgotten: (subtask: SubtaskId) => boolean): void {
    this.#held = this.#held.filter((event) => !isForgotten(targetOf(event)));
    this.#alignment.forgetSubtasks(isForgotten);
  }

  #begun(target: SubtaskId): boolean {
    const state = this.executions.execution(target)?.state;
    return state !== undefined && !NOT_BEGUN.has(state);
  }
}

const NOT_BEGUN: ReadonlySet<string> = new Set(['CREATED', 'SCHEDULED', 'DEPLOYING']);

/** The enumerator of a source runs beside its subtask 0. */
function targetOf({ vertexId, to }: OperatorEvent): SubtaskId {
  return { vertexId, subtaskIndex: typeof to === 'number' ? to : 0 };
}
