import type { Random } from '#core';
import type { EmitCursor, ProcessingOperator, StageOutput, TwoInputOperator } from '../../runtime/chain/stage.js';
import type { StageTime } from '../../runtime/chain/stage-time.js';
import type { OperatorHost } from '../../runtime/operators/operator-host.js';
import type { KeyedStateBackend } from '../../runtime/state/keyed-state-backend.js';
import type { OperatorStateStore } from '../../runtime/state/operator-state-store.js';
import { ManualClock } from './manual-clock.js';
import { testContext } from './runtime-context.js';

export interface TimedOutput {
  readonly value: unknown;
  readonly timestamp: number;
  readonly tag?: string;
}

type TimedOperator = (ProcessingOperator | TwoInputOperator) & { readonly time: StageTime };

/** What happens to an operator in a test. Times in ms. */
export type TimedStep =
  | { readonly kind: 'record'; readonly value: unknown; readonly timestamp: number; readonly input?: number }
  | { readonly kind: 'watermark'; readonly watermark: number }
  | { readonly kind: 'clock'; readonly byMs: number };

export interface TimedOperatorParts {
  readonly make: (host: OperatorHost) => TimedOperator;
  readonly keyed: KeyedStateBackend;
  readonly operatorState: OperatorStateStore;
  readonly clock?: ManualClock;
  /** Says when the output is full; by default never. */
  readonly full?: Random;
}

/** Runs an operator as a subtask does, by hand: records, watermarks, processing time, with an output that may be full. */
export class TimedOperatorDriver {
  readonly clock: ManualClock;
  readonly operator: TimedOperator;
  readonly #gate = { blocked: false };
  readonly #full: Random | undefined;
  #emitted: TimedOutput[] = [];

  constructor({ make, keyed, operatorState, clock = new ManualClock(), full }: TimedOperatorParts) {
    this.clock = clock;
    this.#full = full;
    this.operator = make({
      context: testContext('window'),
      clock,
      gate: this.#gate,
      keyed,
      operatorState,
      watermarks: { emitWatermark: () => undefined, setIdle: () => undefined },
      autoWatermarkIntervalMs: 200,
      restoredCheckpointId: undefined,
      wake: () => undefined,
      fail: (error) => {
        throw error;
      },
    });
  }

  /** Takes a step; answers what was emitted in it. */
  step(step: TimedStep): readonly TimedOutput[] {
    this.#emitted = [];
    if (step.kind === 'record') this.#record(step.value, step.timestamp, step.input ?? 0);
    else if (step.kind === 'watermark') this.#run(this.operator.time.advance(step.watermark, this.#output));
    else this.#moveClock(step.byMs);
    return this.#emitted;
  }

  #record(value: unknown, timestamp: number, input: number): void {
    const { operator } = this;
    if ('process' in operator) {
      operator.prefetch?.([value], 1);
      operator.process(value, timestamp, this.#output);
    } else if (input === 0) operator.process1(value, timestamp, this.#output);
    else operator.process2(value, timestamp, this.#output);
    this.#gate.blocked = false;
  }

  #moveClock(byMs: number): void {
    this.clock.advance(byMs);
    const { time } = this.operator;
    while (time.nextProcessingTimeMs <= this.clock.now()) this.#run(time.onProcessingTime(this.clock.now(), this.#output));
  }

  #run(cursor: EmitCursor | undefined): void {
    this.#gate.blocked = false;
    while (cursor?.() === false) this.#gate.blocked = false;
    this.#gate.blocked = false;
  }

  readonly #output: StageOutput = {
    emit: (value, timestamp) => {
      this.#emitted.push({ value, timestamp });
      if (this.#full?.nextInt(2) === 0) this.#gate.blocked = true;
    },
    emitTo: (tag, value, timestamp) => {
      this.#emitted.push({ value, timestamp, tag });
    },
  };
}
