import { InvalidProgramError } from '../errors.js';
import type { Collector, KeySelector } from '../functions/functions.js';
import type { RichFunction } from '../functions/runtime-context.js';
import { declaredTypeOf } from '../graph/declared-type.js';
import type { StreamInput } from '../graph/operation.js';
import type { KeySpec } from '../graph/stream-graph.js';
import type { CoElement } from '../graph/window-spec.js';
import type { Window } from '../windowing/windows.js';
import { fieldsKey, selectedKey, type FieldName } from './key-spec.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';
import { windowResult, type WindowOperation } from './window-operation.js';

/** Makes results of all records of a key in a window, by the stream they are of. */
export type CoWindowFunction = (first: readonly unknown[], second: readonly unknown[], out: Collector<unknown>) => void;

/** Two streams that are brought together by keys and windows, as far as it is known how. */
export class CoWindows {
  #key: KeySpec | undefined;
  #secondKey: KeySpec | undefined;

  constructor(
    private readonly program: StreamProgram,
    private readonly first: readonly StreamInput[],
    private readonly second: readonly StreamInput[],
  ) {}

  setFirstKey(by: unknown): void {
    this.#key = keyOf(by, this.first);
  }

  setSecondKey(by: unknown): void {
    this.#secondKey = keyOf(by, this.second);
  }

  /** Adds the operator to the program. */
  add<O>(windows: WindowOperation, name: string, apply: CoWindowFunction, life: RichFunction | undefined): SingleOutputStreamOperator<O> {
    const [key, secondKey] = [this.#key, this.#secondKey];
    if (key === undefined || secondKey === undefined) {
      throw new InvalidProgramError('two streams are joined without keys', 'Say "where" and "equalTo" first.');
    }
    const result = windowResult(
      (_key: unknown, _window: Window, elements: Iterable<CoElement<unknown, unknown>>, out: Collector<unknown>) => {
        const sides: readonly [unknown[], unknown[]] = [[], []];
        for (const [side, value] of elements) sides[side].push(value);
        apply(sides[0], sides[1], out);
      },
    );
    const spec = windows.spec({ kind: 'elements' }, result, life);
    const inputs = [hashed(this.first, key), hashed(this.second, secondKey)];
    return this.program.operator<O>(this.program.add({ kind: 'windowCoGroup', key, secondKey, ...spec }, name, inputs));
  }
}

function keyOf(by: unknown, inputs: readonly StreamInput[]): KeySpec {
  return typeof by === 'function' ? selectedKey(by as KeySelector<never, unknown>) : fieldsKey([by as FieldName], declaredTypeOf(inputs));
}

function hashed(inputs: readonly StreamInput[], key: KeySpec): StreamInput[] {
  return inputs.map((input) => ({ ...input, partitioning: { kind: 'hash', key } }));
}
