import type { Clock, RecordConsumer } from '#core';
import type { ChainGate } from '../chain/chain-plan.js';
import type { InputGate } from '../exchange/input-gate.js';

/** Taken from a gate in one step of the slot's loop at most, … */
const SEGMENTS_PER_STEP = 32;
/** … so many between two looks at the clock, … */
const SEGMENTS_AT_ONCE = 4;
/** … and nothing more after this time. */
const STEP_MS = 10;

/**
 * Feeds a chain from one gate, for a short time in each step, so that the other subtasks of the slot and checkpoints have their turn. The
 * time is looked at between segments; where the records of a segment take longer than that, between records.
 */
export class PacedGate {
  #slow = false;
  #deadlineMs = 0;
  #stopped = false;

  constructor(
    readonly gate: InputGate,
    private readonly consume: RecordConsumer,
    private readonly chainGate: ChainGate,
    private readonly clock: Clock,
  ) {}

  /** Answers whether there was anything. */
  poll(): boolean {
    const { clock, chainGate } = this;
    let nowMs = clock.monotonicMs();
    this.#deadlineMs = nowMs + STEP_MS;
    let left = SEGMENTS_PER_STEP;
    while (left > 0 && nowMs < this.#deadlineMs && this.#take()) {
      left -= SEGMENTS_AT_ONCE;
      const startMs = nowMs;
      nowMs = clock.monotonicMs();
      this.#slow = nowMs - startMs >= STEP_MS;
      if (chainGate.blocked) break;
    }
    if (this.#stopped) this.#goOn();
    return left < SEGMENTS_PER_STEP;
  }

  #take(): boolean {
    return this.gate.poll(this.#slow ? this.#consumeAndLook : this.consume, this.chainGate, SEGMENTS_AT_ONCE);
  }

  /** The gate of the chain is the one thing a reader looks at between two records. */
  readonly #consumeAndLook: RecordConsumer = (value, timestamp) => {
    this.consume(value, timestamp);
    if (this.chainGate.blocked || this.clock.monotonicMs() < this.#deadlineMs) return;
    this.chainGate.blocked = true;
    this.#stopped = true;
  };

  #goOn(): void {
    this.#stopped = false;
    this.chainGate.blocked = false;
  }
}
