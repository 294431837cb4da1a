import { InvalidProgramError } from '../errors.js';
import type { AggregateFunction, FoldFunction, OutputTag, ReduceFunction, RichReduceFunction } from '../functions/functions.js';
import type { RichFunction } from '../functions/runtime-context.js';
import type { WindowContents, WindowResult, WindowSpec } from '../graph/window-spec.js';
import { durationOf, type Duration } from '../time/duration.js';
import type { Evictor } from '../windowing/evictor.js';
import type { Trigger } from '../windowing/trigger.js';
import type { WindowAssigner } from '../windowing/window-assigner.js';
import type { ProcessWindowFunction, WindowFunction } from '../windowing/window-functions.js';
import type { Window } from '../windowing/windows.js';

type AnyTrigger = Trigger<unknown, Window>;

/** What is said of windows before it is said what becomes of their records. Shared by the streams that have windows. */
export class WindowOperation {
  #trigger: AnyTrigger | undefined;
  #evictor: Evictor<unknown, Window> | undefined;
  #allowedLatenessMs = 0;
  #lateDataTag: string | undefined;

  constructor(readonly assigner: WindowAssigner<unknown, Window>) {}

  /** Throws `InvalidProgramError` (user) for windows that merge when the trigger cannot. */
  setTrigger(trigger: AnyTrigger): void {
    if (this.assigner.merges && !trigger.canMerge) {
      const text = 'A merging window assigner cannot be used with a trigger that does not support merging.';
      throw new InvalidProgramError(text, 'Use another trigger, or give it "canMerge" and "onMerge".');
    }
    this.#trigger = trigger;
  }

  setEvictor(evictor: Evictor<unknown, Window>): void {
    this.#evictor = evictor;
  }

  setAllowedLateness(lateness: Duration): void {
    const latenessMs = durationOf(lateness);
    if (latenessMs < 0) throw new InvalidProgramError('The allowed lateness cannot be negative.', 'Give 0 or more.');
    this.#allowedLatenessMs = latenessMs;
  }

  setLateData(tag: OutputTag<never>): void {
    this.#lateDataTag = tag.id;
  }

  /** The name of the operator, as Flink has it. */
  get name(): string {
    return this.assigner.constructor.name;
  }

  spec(contents: WindowContents, result: WindowResult, ...functions: readonly unknown[]): WindowSpec {
    return {
      assigner: this.assigner,
      trigger: this.#trigger ?? this.assigner.getDefaultTrigger(),
      defaultTrigger: this.#trigger === undefined,
      evictor: this.#evictor,
      allowedLatenessMs: this.#allowedLatenessMs,
      lateDataTag: this.#lateDataTag,
      contents,
      result,
      lifecycles: functions.filter(hasLife),
    };
  }

  /** Fold has no way to bring two accumulators together. */
  checkFold(): void {
    if (!this.assigner.merges) return;
    throw new InvalidProgramError('Fold cannot be used with a merging WindowAssigner.', 'Use "aggregate", whose functions can merge.');
  }
}

function hasLife(candidate: unknown): candidate is RichFunction {
  return typeof candidate === 'object' && candidate !== null && ('open' in candidate || 'close' in candidate);
}

/** A window function in one of the forms that programs may give. */
export type AnyWindowFunction =
  WindowFunction<never, unknown, never, never> | ProcessWindowFunction<never, unknown, never, never> | ((...parameters: never[]) => void);

/** What the operator is to do with it; plain functions are those of `apply`. */
export function windowResult(given: AnyWindowFunction): WindowResult {
  if (typeof given === 'function') return { kind: 'window', apply: given as ApplyFunction };
  if ('process' in given) {
    return { kind: 'process', process: given as unknown as ProcessWindowFunction<unknown, unknown, unknown, Window> };
  }
  return { kind: 'window', apply: given.apply.bind(given) as ApplyFunction };
}

type ApplyFunction = WindowFunction<unknown, unknown, unknown, Window>['apply'];

export function reduceContents<T>(reducer: ReduceFunction<T> | RichReduceFunction<T>): WindowContents {
  const reduce = typeof reducer === 'function' ? reducer : reducer.reduce.bind(reducer);
  return { kind: 'reduce', reduce: reduce as ReduceFunction<unknown> };
}

export function aggregateContents<T, A, R>(aggregate: AggregateFunction<T, A, R>): WindowContents {
  return { kind: 'aggregate', aggregate };
}

export function foldContents(initial: unknown, fold: (accumulator: never, value: never) => unknown): WindowContents {
  return { kind: 'fold', initial: startOf(initial), fold: fold as FoldFunction<unknown, unknown> };
}

/** What makes the first accumulator: the function given, or copies of the value given. */
export function startOf<A>(initial: A | (() => A)): () => A {
  if (typeof initial === 'function') return initial as () => A;
  return typeof initial === 'object' && initial !== null ? () => structuredClone(initial) : () => initial;
}
