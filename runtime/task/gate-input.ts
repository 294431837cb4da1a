import type { ChainGate } from '../chain/chain-plan.js';
import type { TimeOrder } from '../exchange/time-order.js';
import type { AlignedCheckpoint } from './barrier-alignment.js';
import type { GateEvents } from './gate-events.js';
import type { PacedGate } from './paced-gate.js';
import type { ReplayedChannels } from './replayed-channels.js';
import type { TaskInput } from './task-input.js';

/** Feeds a chain from the exchanges that lead to it, each in its turn. */
export class GateInput implements TaskInput {
  readonly endsTime = false;
  readonly #gates: readonly PacedGate[];
  readonly #events: GateEvents;
  #next = 0;
  #replay: ReplayedChannels | undefined;
  /** Came before the replay was over. */
  #postponed: AlignedCheckpoint[] = [];

  /**
   * @param events what the gates' events are given to.
   * @param order what the gates were made with.
   * @param replay what comes before all that the gates hold.
   */
  constructor(
    gates: readonly PacedGate[],
    events: GateEvents,
    private readonly order: TimeOrder,
    replay?: ReplayedChannels,
  ) {
    this.#gates = gates;
    this.#replay = replay;
    this.#events = events;
    events.attach(gates.map(({ gate }) => gate));
  }

  get ended(): boolean {
    return this.#gates.every(({ gate }) => gate.finished);
  }

  get nextDueMs(): number {
    return this.order.heldUntilMs;
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
    if (this.#replay !== undefined) {
      this.#goOnReplaying(this.#replay, gate);
      return true;
    }
    let progressed = false;
    for (let turn = 0; turn < this.#gates.length && !gate.blocked; turn++) {
      const connected = this.#gates[this.#next];
      this.#next = (this.#next + 1) % this.#gates.length;
      if (connected?.poll() === true) progressed = true;
    }
    return progressed;
  }

  look(): void {
    if (this.#replay === undefined) this.#events.look();
  }

  trigger(checkpoint: AlignedCheckpoint): boolean {
    const { checkpointId, timestamp, options } = checkpoint;
    if (this.#replay === undefined) this.#events.trigger({ checkpointId, timestamp, options: { ...options } });
    else this.#postponed.push(checkpoint);
    return true;
  }

  abortCheckpoint(checkpointId: number): void {
    this.#events.abortCheckpoint(checkpointId);
  }

  #goOnReplaying(replay: ReplayedChannels, gate: ChainGate): void {
    replay.poll(gate);
    if (!replay.done || gate.blocked) return;
    this.#replay = undefined;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const checkpoint of postponed) this.trigger(checkpoint);
  }

  async close(): Promise<void> {
    // the rings belong to the TaskManager
  }
}
