import type { Stage } from './stage.js';

/** Where the records of one operator leave the chain: the sending side of an exchange. */
export interface ChainExit {
  /** Takes a record in any case; sets the chain's gate when no more should come. */
  emit(value: unknown, timestamp: number): void;
}

/** Where an operator's records go, in the order of the program. */
export type ChainTarget =
  | { readonly kind: 'stage'; readonly stage: number; readonly tag: string | undefined }
  | { readonly kind: 'exit'; readonly exit: ChainExit; readonly tag: string | undefined };

/** A chain to be turned into functions: its stages in topological order, the head first, and the targets of each. */
export interface ChainPlan {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly targets: readonly (readonly ChainTarget[])[];
}

/** Set when an output of the chain can take no more for now. Whoever feeds the chain looks at it after each record. */
export interface ChainGate {
  blocked: boolean;
}

/**
 * What is left to emit of records that were taken while an output became blocked, in the order it must come out.
 *
 * A stage that finds the gate blocked in the middle of an iterable defers the rest. An inner stage defers before the stage that feeds it,
 * so the order of deferring is the order of resuming; what is deferred while resuming comes before the rest. Records that a call still
 * emits when something is deferred must not overtake it: stages that may have deferred put off such a record as a whole.
 *
 * ```
 *   later   what is to be resumed, the next one last: a stack        defer ─▶ latest ─(turned round)─▶ later
 *   latest  deferred since the last resumption, in order
 * ```
 */
export class DeferredEmissions {
  readonly #later: (() => void)[] = [];
  readonly #latest: (() => void)[] = [];

  defer(rest: () => void): void {
    this.#latest.push(rest);
  }

  get empty(): boolean {
    return this.#latest.length === 0 && this.#later.length === 0;
  }

  /** Goes on until all is emitted or the gate is blocked. */
  resume(gate: ChainGate): void {
    while (!gate.blocked) {
      for (let rest = this.#latest.pop(); rest !== undefined; rest = this.#latest.pop()) this.#later.push(rest);
      const next = this.#later.pop();
      if (next === undefined) return;
      next();
    }
  }
}

/** A chain as functions. */
export interface ChainFunctions {
  /** By input of the head; a source's chain has one, fed by its reader. */
  readonly inputs: readonly ((value: unknown, timestamp: number) => void)[];
  /** The output of each stage, for what it emits at the end of its input. */
  readonly outputs: readonly {
    emit(value: unknown, timestamp: number): void;
    emitTo(tag: string, value: unknown, timestamp: number): void;
  }[];
  /** Finds the stage that an error came from, if its stack tells. */
  stageOf(error: unknown): Stage | undefined;
}
