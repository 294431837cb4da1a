import type { Random } from '#core';
import { type ChainExit, type ChainFunctions, type ChainGate, type ChainPlan, DeferredEmissions } from '../../runtime/chain/chain-plan.js';
import { compiledChain } from '../../runtime/chain/compiled-chain.js';
import { plainChain } from '../../runtime/chain/plain-chain.js';
import type { Stage, StageBody } from '../../runtime/chain/stage.js';

export type Emitted = readonly [value: unknown, timestamp: number];

/** A stage without a life, of a given body. */
export function stageOf(name: string, body: StageBody, nodeId = 0): Stage {
  return { nodeId, name, body, open: () => Promise.resolve(), endOfInput: () => undefined, close: () => Promise.resolve() };
}

/** An output that is often full: it blocks the gate after a record when chance says so. */
export class RecordingExit implements ChainExit {
  readonly emitted: Emitted[] = [];

  constructor(
    private readonly gate: ChainGate,
    private readonly fills: () => boolean = () => false,
  ) {}

  emit(value: unknown, timestamp: number): void {
    this.emitted.push([value, timestamp]);
    if (this.fills()) this.gate.blocked = true;
  }
}

export type ChainForm = 'compiled' | 'plain';

/** Drives a chain as a subtask does: hands on no input while the gate is blocked, and resumes what was deferred first. */
export class ChainDriver {
  readonly deferred = new DeferredEmissions();
  readonly chain: ChainFunctions;

  constructor(
    form: ChainForm,
    private readonly stages: readonly Stage[],
    targets: ChainPlan['targets'],
    readonly gate: ChainGate,
  ) {
    const plan = { name: 'chain', stages, targets };
    this.chain = form === 'compiled' ? compiledChain(plan, gate, this.deferred) : plainChain(plan, gate, this.deferred);
  }

  push(value: unknown, timestamp: number, input = 0): void {
    this.unblock();
    this.pushAnyway(value, timestamp, input);
  }

  /** As a reader does that has a few records on their way when the gate closes. */
  pushAnyway(value: unknown, timestamp: number, input = 0): void {
    this.chain.inputs[input]?.(value, timestamp);
  }

  /** Has the operators emit what they held for the end. */
  end(): void {
    this.unblock();
    this.stages.forEach((stage, index) => {
      const output = this.chain.outputs[index];
      const cursor = output === undefined ? undefined : stage.endOfInput(output, this.gate);
      while (cursor?.() === false) this.unblock();
      this.unblock();
    });
  }

  unblock(): void {
    while (this.gate.blocked) {
      this.gate.blocked = false;
      this.deferred.resume(this.gate);
    }
  }
}

/** Fills an output by chance, once in `oneIn` records. */
export function fillsByChance(random: Random, oneIn: number): () => boolean {
  return () => random.nextInt(oneIn) === 0;
}
