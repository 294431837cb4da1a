import { MIN_WATERMARK, type Clock } from '#core';
import type { ChainGate, ChainTarget } from '../chain/chain-plan.js';
import type { EmitCursor, Stage, StageOutput } from '../chain/stage.js';
import type { StageTime, WatermarkOutput } from '../chain/stage-time.js';
import type { ControlFlow, ControlWork } from './control-flow.js';
import type { TaskExit } from './task-exit.js';

/** What a chain is made of, as far as time goes. */
export interface TimedChain {
  readonly stages: readonly Stage[];
  readonly targets: readonly (readonly ChainTarget[])[];
  readonly outputs: readonly StageOutput[];
  readonly gate: ChainGate;
  readonly control: ControlFlow;
  readonly clock: Clock;
  /** The exits behind the targets. */
  exitOf(target: Extract<ChainTarget, { kind: 'exit' }>): TaskExit;
}

/**
 * How time goes through a chain: a watermark enters at a stage, which emits what has become due, and then goes on to what reads the
 * stage. Every
 * step can be interrupted by an output that is full, and goes on later from where it stood.
 */
export class ChainTime {
  readonly #chain: TimedChain;
  /** Stages that have something to do with time. */
  readonly #timed: readonly { readonly index: number; readonly time: StageTime }[];
  /** By stage: the last watermark of its output. */
  readonly #told: number[];
  /** By stage: the last watermark of its input. */
  readonly #heard: number[];
  #firing = false;

  constructor(chain: TimedChain) {
    this.#chain = chain;
    this.#timed = chain.stages.flatMap(({ time }, index) => (time === undefined ? [] : [{ index, time }]));
    this.#told = chain.stages.map(() => MIN_WATERMARK);
    this.#heard = chain.stages.map(() => MIN_WATERMARK);
  }

  /** How far event time has come at the input of a stage. */
  inputOf(stage: number): number {
    return this.#heard[stage] ?? MIN_WATERMARK;
  }

  /** How far event time has come at the output of a stage. */
  outputWatermarkOf(stage: number): number {
    return this.#told[stage] ?? MIN_WATERMARK;
  }

  /** Event time at the input of the chain has risen. */
  arrive(watermark: number): void {
    this.#chain.control.request(() => this.#enter(0, watermark));
  }

  /** The input of the chain has become idle, or is so no longer. */
  arriveIdle(idle: boolean): void {
    this.#chain.control.request(() => this.#enterIdle(0, idle));
  }

  /** Where a stage that makes its own watermarks puts them. They only rise: lower ones are left out. */
  outputOf(stage: number): WatermarkOutput {
    const { control } = this.#chain;
    return {
      emitWatermark: (watermark) => {
        if (watermark > this.#told[stage]!) control.request(() => this.#passOn(stage, watermark));
      },
      setIdle: (idle) => {
        control.request(() => this.#passIdleOn(stage, idle));
      },
    };
  }

  /** When something is due by processing time, ms since 1970; Infinity for never. */
  get nextProcessingTimeMs(): number {
    if (this.#firing) return Infinity;
    let next = Infinity;
    for (const { time } of this.#timed) next = Math.min(next, time.nextProcessingTimeMs);
    return next;
  }

  /** Has what is due by processing time done before the next record. */
  fireDue(): void {
    if (this.#timed.length === 0 || this.#firing) return;
    const nowMs = this.#chain.clock.now();
    if (this.nextProcessingTimeMs > nowMs) return;
    this.#firing = true;
    this.#chain.control.request(() => this.#fire(nowMs));
  }

  *#fire(nowMs: number): ControlWork {
    for (const { index, time } of this.#timed) {
      if (time.nextProcessingTimeMs <= nowMs) yield* this.#follow(time.onProcessingTime(nowMs, this.#chain.outputs[index]!));
    }
    this.#firing = false;
  }

  *#enter(index: number, watermark: number): ControlWork {
    this.#heard[index] = watermark;
    const time = this.#chain.stages[index]?.time;
    if (time !== undefined) yield* this.#follow(time.advance(watermark, this.#chain.outputs[index]!));
    if (time?.passesWatermarks !== false) yield* this.#passOn(index, watermark);
  }

  *#passOn(index: number, watermark: number): ControlWork {
    if (watermark <= this.#told[index]!) return;
    this.#told[index] = watermark;
    for (const target of this.#consumersOf(index)) {
      if (target.kind === 'stage') yield* this.#enter(target.stage, watermark);
      else this.#chain.exitOf(target).broadcastEvent({ kind: 'watermark', timestamp: watermark });
    }
  }

  *#enterIdle(index: number, idle: boolean): ControlWork {
    const time = this.#chain.stages[index]?.time;
    time?.onIdle?.(idle);
    if (time?.passesWatermarks !== false) yield* this.#passIdleOn(index, idle);
  }

  *#passIdleOn(index: number, idle: boolean): ControlWork {
    for (const target of this.#consumersOf(index)) {
      if (target.kind === 'stage') yield* this.#enterIdle(target.stage, idle);
      else this.#chain.exitOf(target).broadcastEvent({ kind: 'status', idle });
    }
  }

  /** Each once, though a stage may be read by its main and its side outputs. */
  #consumersOf(index: number): readonly ChainTarget[] {
    const targets = this.#chain.targets[index] ?? [];
    const same = (one: ChainTarget, other: ChainTarget): boolean =>
      one.kind === 'stage' ? other.kind === 'stage' && one.stage === other.stage : other.kind === 'exit' && one.exit === other.exit;
    return targets.filter((target, at) => targets.findIndex((other) => same(target, other)) === at);
  }

  *#follow(cursor: EmitCursor | undefined): ControlWork {
    if (cursor === undefined) return;
    while (!cursor()) yield undefined;
    if (this.#chain.gate.blocked) yield undefined;
  }
}
