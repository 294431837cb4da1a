import type { CoFlatMapFunction, CoMapFunction, CoProcessFunction, Synchronous } from '../functions/functions.js';
import type { KeyedCoProcessFunction } from '../functions/keyed-process.js';
import type { StreamInput } from '../graph/operation.js';
import type { KeySpec, OperatorSpec } from '../graph/stream-graph.js';
import type { Field, FieldValue } from './field-path.js';
import { fieldsKey, selectedKey, type FieldName } from './key-spec.js';
import { declaredTypeOf } from '../graph/declared-type.js';
import type { SingleOutputStreamOperator } from './single-output-stream-operator.js';
import type { StreamProgram } from './stream-program.js';

/** Two streams read by one operator, which may keep something of the one to use with the other. */
export class ConnectedStreams<A, B> {
  declare protected readonly recordTypes: readonly [A, B];
  readonly #program: StreamProgram;
  readonly #first: readonly StreamInput[];
  readonly #second: readonly StreamInput[];

  constructor(program: StreamProgram, first: readonly StreamInput[], second: readonly StreamInput[]) {
    this.#program = program;
    this.#first = first;
    this.#second = second;
  }

  /** Sends records of both streams with the same key to the same subtask. */
  keyBy<K>(first: (value: A) => K, second: (value: B) => K): ConnectedStreams<A, B>;
  keyBy<const F extends Field<A>, const G extends Field<B>>(
    first: F,
    second: FieldValue<B, G> extends FieldValue<A, F> ? G : never,
  ): ConnectedStreams<A, B>;
  keyBy(first: unknown, second: unknown): ConnectedStreams<A, B> {
    return this.#program.connected(hashed(this.#first, first), hashed(this.#second, second));
  }

  /** Maps the records of each stream by a function of its own. */
  map<O>(functions: CoMapFunction<A, B, O>): SingleOutputStreamOperator<O>;
  map<O>(map1: (value: A) => Synchronous<O>, map2: (value: B) => Synchronous<O>): SingleOutputStreamOperator<O>;
  map<O>(first: CoMapFunction<A, B, O> | ((value: A) => unknown), second?: (value: B) => unknown): SingleOutputStreamOperator<O> {
    const coMap = typeof first === 'function' ? { map1: first, map2: second } : first;
    return this.#operator('Co-Map', { kind: 'coMap', coMap: coMap as CoMapFunction<unknown, unknown, unknown> });
  }

  flatMap<O>(functions: CoFlatMapFunction<A, B, O>): SingleOutputStreamOperator<O> {
    return this.#operator('Co-Flat Map', { kind: 'coFlatMap', coFlatMap: functions });
  }

  process<O>(functions: CoProcessFunction<A, B, O>): SingleOutputStreamOperator<O>;
  /** After `keyBy`: with state and timers that both streams share for each key. */
  process<K, O>(functions: KeyedCoProcessFunction<K, A, B, O>): SingleOutputStreamOperator<O>;
  process<O>(
    functions: CoProcessFunction<unknown, unknown, unknown> | KeyedCoProcessFunction<unknown, unknown, unknown, unknown>,
  ): SingleOutputStreamOperator<O> {
    return this.#operator('Co-Process', { kind: 'coProcess', coProcess: functions });
  }

  #operator<O>(name: string, spec: OperatorSpec): SingleOutputStreamOperator<O> {
    return this.#program.operator(this.#program.add(spec, name, [this.#first, this.#second]));
  }
}

function hashed(inputs: readonly StreamInput[], key: unknown): StreamInput[] {
  const spec: KeySpec =
    typeof key === 'function' ? selectedKey(key as (value: never) => unknown) : fieldsKey([key as FieldName], declaredTypeOf(inputs));
  return inputs.map((input) => ({ ...input, partitioning: { kind: 'hash', key: spec } }));
}
