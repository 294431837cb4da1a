import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_WATERMARK, SeededRandom, type StreamEvent, systemClock } from '#core';
import { type ChainTarget, DeferredEmissions } from '../../../runtime/chain/chain-plan.js';
import { compiledChain } from '../../../runtime/chain/compiled-chain.js';
import type { EmitCursor, ProcessingOperator, Stage, StageOutput } from '../../../runtime/chain/stage.js';
import type { StageTime } from '../../../runtime/chain/stage-time.js';
import { ChainTime } from '../../../runtime/task/chain-time.js';
import { ControlFlow } from '../../../runtime/task/control-flow.js';
import type { TaskExit } from '../../../runtime/task/task-exit.js';
import { stageOf } from '../../support/chain-driver.js';

/** Keeps records until the watermark passes them, then emits them in the order of their times. */
class Holding implements ProcessingOperator, StageTime {
  readonly passesWatermarks = true;
  readonly nextProcessingTimeMs = Infinity;
  #held: number[] = [];

  constructor(private readonly gate: { readonly blocked: boolean }) {}

  process(_value: unknown, timestamp: number): void {
    this.#held.push(timestamp);
  }

  advance(watermark: number, output: StageOutput): EmitCursor | undefined {
    const due = this.#held.filter((time) => time <= watermark).sort((a, b) => a - b);
    this.#held = this.#held.filter((time) => time > watermark);
    return () => {
      while (!this.gate.blocked) {
        const time = due.shift();
        if (time === undefined) return true;
        output.emit(time, time);
      }
      return false;
    };
  }

  onProcessingTime(): undefined {
    return undefined;
  }
}

/** An exit that notes what comes, and is full by chance. */
class NotingExit implements TaskExit {
  readonly came: string[] = [];
  blocked = false;
  readonly nextFlushAtMs = Infinity;
  readonly recordsOut = 0;
  readonly bytesOut = 0;

  constructor(
    private readonly gate: { blocked: boolean },
    private readonly fills: () => boolean,
  ) {}

  emit(value: unknown): void {
    this.came.push(String(value));
    if (this.fills()) this.blocked = this.gate.blocked = true;
  }

  broadcastEvent(event: StreamEvent): void {
    if (event.kind === 'watermark') this.came.push(`watermark ${event.timestamp}`);
    if (event.kind === 'status') this.came.push(event.idle ? 'idle' : 'active');
  }

  readonly barrierTaken = true;

  sendBarrier(): void {
    // no checkpoints here
  }

  announceBarrier(): void {
    // no checkpoints here
  }

  drain(): boolean {
    this.blocked = false;
    return true;
  }

  flush(): void {
    // nothing is kept back
  }

  flushDue(): void {
    // nothing is kept back
  }
}

/** `source -> hold -> hold -> exit`, driven as a subtask does. */
function line(fills: () => boolean): { readonly exit: NotingExit; push(time: number): void; watermark(time: number): void } {
  const gate = { blocked: false };
  const control = new ControlFlow(gate, () => undefined);
  const exit = new NotingExit(gate, fills);
  const holding = [new Holding(gate), new Holding(gate)] as const;
  const timed = (name: string, operator: Holding): Stage => ({ ...stageOf(name, { form: 'process', operator }), time: operator });
  const stages = [stageOf('source', { form: 'source' }), timed('first', holding[0]), timed('second', holding[1])];
  const targets: readonly (readonly ChainTarget[])[] = [
    [{ kind: 'stage', stage: 1, tag: undefined }],
    [{ kind: 'stage', stage: 2, tag: undefined }],
    [{ kind: 'exit', exit, tag: undefined }],
  ];
  const chain = compiledChain({ name: 'line', stages, targets }, gate, new DeferredEmissions());
  const exitOf = (target: Extract<ChainTarget, { kind: 'exit' }>): TaskExit => target.exit as TaskExit;
  const time = new ChainTime({ stages, targets, outputs: chain.outputs, gate, control, clock: systemClock, exitOf });
  const settle = (): void => {
    while (control.pending) {
      exit.drain();
      control.run(
        () => {
          gate.blocked = exit.blocked;
          return !gate.blocked;
        },
        () => true,
      );
    }
    gate.blocked = false;
  };
  return {
    exit,
    push: (at) => {
      chain.inputs[0]!(at, at);
      settle();
    },
    watermark: (at) => {
      time.outputOf(0).emitWatermark(at);
      settle();
    },
  };
}

describe('time in a chain', () => {
  const steps = fc.array(fc.record({ at: fc.integer({ min: 0, max: 50 }), watermark: fc.boolean() }), { maxLength: 60 });

  it('brings out what is due before the watermark goes on, however often the output is full', () => {
    fc.assert(
      fc.property(steps, fc.integer(), (did, seed) => {
        const random = new SeededRandom(seed);
        const [plain, full] = [line(() => false), line(() => random.nextInt(2) === 0)];
        for (const { at, watermark } of [...did, { at: MAX_WATERMARK, watermark: true }]) {
          for (const one of [plain, full]) {
            if (watermark) one.watermark(at);
            else one.push(at);
          }
        }
        expect(full.exit.came).to.deep.equal(plain.exit.came);
        expect(plain.exit.came.filter((what) => !what.startsWith('watermark'))).to.have.length(
          did.filter((step) => !step.watermark).length,
        );
      }),
    );
  });

  it('tells only watermarks that rise', () => {
    const { exit, watermark, push } = line(() => false);
    push(3);
    watermark(5);
    watermark(4);
    watermark(5);
    watermark(9);
    expect(exit.came).to.deep.equal(['3', 'watermark 5', 'watermark 9']);
  });
});
