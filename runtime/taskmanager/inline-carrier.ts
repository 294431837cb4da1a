import type { Clock } from '#core';
import type { SlotCommand, SlotReport } from '../task/deployment.js';
import { Slot, type SlotHost } from '../task/slot.js';
import type { SlotCarrier, SlotCarrierEvents } from './slot-carrier.js';

let carriersMade = 0;

/**
 * Runs a slot in the caller's thread, on a clock of the caller's: for tests and simulations. What the program's code does to the thread,
 * it does to the caller; so nothing ends by itself here, and `onExit` is never called.
 */
export class InlineCarrier implements SlotCarrier {
  readonly #slot: Slot;
  readonly #number = ++carriersMade;
  #terminated = false;

  constructor(events: Pick<SlotCarrierEvents, 'onReport'>, clock: Clock, host?: SlotHost) {
    const report = (sent: SlotReport): void => {
      if (!this.#terminated) events.onReport(sent);
    };
    this.#slot = new Slot(report, clock, host);
  }

  /** As between threads, the command is handled later: never in the middle of what the slot is doing. */
  send(command: SlotCommand): void {
    const handled: SlotCommand = command.type === 'deploy' ? { type: 'deploy', assignment: this.#ownProgram(command.assignment) } : command;
    queueMicrotask(() => {
      this.#slot.handle(handled);
    });
  }

  /** Has the slot look at its tasks, and at the time: for clocks that somebody moves. */
  look(): void {
    this.#slot.look();
  }

  /** Nothing is reported from now on; what runs is stopped at its next step. */
  terminate(): Promise<void> {
    this.#terminated = true;
    this.send({ type: 'cancel' });
    return Promise.resolve();
  }

  /** A thread imports each URL once, but every slot has to run the program: so each gets a URL of its own. */
  #ownProgram<A extends { readonly programUrl: string }>(assignment: A): A {
    return { ...assignment, programUrl: `${assignment.programUrl}#slot-${this.#number}` };
  }
}
