import type { RecordConsumer } from '#core';
import type { ChainGate } from '../chain/chain-plan.js';
import type { InputGate } from '../exchange/input-gate.js';
import type { GateEvents } from './gate-events.js';
import type { TaskInput } from './task-input.js';

/** Segments taken from one gate in one step of the slot's loop. */
const SEGMENTS_PER_POLL = 32;

/** One in-edge of a subtask, and the function of the chain that its records go to. */
export interface ConnectedGate {
  readonly gate: InputGate;
  readonly consume: RecordConsumer;
}

/** Feeds a chain from the exchanges that lead to it, each in its turn. */
export class GateInput implements TaskInput {
  readonly endsTime = false;
  readonly #gates: readonly ConnectedGate[];
  readonly #events: GateEvents;
  #next = 0;

  /** @param events what the gates' events are given to. */
  constructor(gates: readonly ConnectedGate[], events: GateEvents) {
    this.#gates = gates;
    this.#events = events;
    events.attach(gates.map(({ gate }) => gate));
  }

  get ended(): boolean {
    return this.#gates.every(({ gate }) => gate.finished);
  }

  get recordsIn(): number {
    return this.#gates.reduce((sum, { gate }) => sum + gate.recordsIn, 0);
  }

  get bytesIn(): number {
    return this.#gates.reduce((sum, { gate }) => sum + gate.bytesIn, 0);
  }

  async open(): Promise<void> {
    // channels are ready before the subtask is made
  }

  /** A gate that filled the outputs comes last in the next step, so that no input starves another. */
  poll(gate: ChainGate): boolean {
    let progressed = false;
    for (let turn = 0; turn < this.#gates.length && !gate.blocked; turn++) {
      const connected = this.#gates[this.#next];
      this.#next = (this.#next + 1) % this.#gates.length;
      if (connected?.gate.poll(connected.consume, gate, SEGMENTS_PER_POLL) === true) progressed = true;
    }
    return progressed;
  }

  abortCheckpoint(checkpointId: number): void {
    this.#events.abortCheckpoint(checkpointId);
  }

  async close(): Promise<void> {
    // the rings belong to the TaskManager
  }
}
