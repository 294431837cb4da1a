import { NO_TIMESTAMP } from '#core';
import type { KeySpec, OperatorSpec, ProcessFunction, RichFunction, RuntimeMode, SinkWriter, StreamNode } from '#api';
import type { AbsorbingOperator, EmitCursor, Stage, StageBody, StageOutput, UpdatingOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from './accumulating.js';
import { FieldAggregator } from './field-aggregator.js';
import { CoFlatMapOperator, CoMapOperator, CoProcessOperator, ProcessOperator } from './processing.js';
import { KeyedProcessOperator } from './keyed-process.js';
import type { OperatorHost } from './operator-host.js';
import { Reducer } from './reducer.js';

/** What a stage is made from. */
export interface StageParts {
  readonly node: StreamNode;
  readonly host: OperatorHost;
  readonly mode: RuntimeMode;
  /** By input: how its records find their keys; empty unless all inputs are keyed. */
  readonly keys: readonly KeySpec[];
  /** Of sinks: it needs more of the subtask than other operators do. */
  readonly writer: SinkWriter<unknown> | undefined;
}

/** Makes the stage of an operator. */
export function createStage(parts: StageParts): Stage {
  const { node, host, writer } = parts;
  const body = bodyOf(parts);
  const life = lifecycleOf(node.spec);
  return {
    nodeId: node.id,
    name: node.name,
    body,
    time: timeOf(body),
    open: async () => {
      await (writer === undefined ? life?.open?.(host.context) : writer.open?.());
    },
    close: async () => {
      await (writer === undefined ? life?.close?.() : writer.close());
    },
    endOfInput: (output, gate) => (body.form === 'absorb' ? emitResults(body.operator, output, gate) : undefined),
  };
}

function bodyOf({ node: { spec }, host, mode, keys, writer }: StageParts): StageBody {
  const [key] = keys;
  switch (spec.kind) {
    case 'source':
      return { form: 'source' };
    case 'map':
      return { form: 'map', call: withKey(spec.map, spec, host, key) };
    case 'filter':
      return { form: 'filter', call: withKey(spec.filter, spec, host, key) };
    case 'flatMap':
      return { form: 'flatMap', call: withKey(spec.flatMap, spec, host, key) };
    case 'process':
      if (key === undefined) return { form: 'process', operator: new ProcessOperator(spec.process as ProcessFunction<unknown, unknown>) };
      return { form: 'process', operator: new KeyedProcessOperator(host, key, spec.process) };
    case 'coMap':
      return { form: 'twoInputs', operator: new CoMapOperator(spec.coMap) };
    case 'coFlatMap':
      return { form: 'twoInputs', operator: new CoFlatMapOperator(spec.coFlatMap) };
    case 'coProcess':
      return { form: 'twoInputs', operator: new CoProcessOperator(spec.coProcess) };
    case 'sink':
      return { form: 'sink', writer: writer as SinkWriter<unknown> };
    case 'timestamps':
    case 'window':
    case 'windowCoGroup':
    case 'intervalJoin':
      throw new TypeError(`no runtime yet for "${spec.kind}"`);
    default:
      return { form: mode === 'BATCH' ? 'absorb' : 'update', operator: keyedOperator(spec) };
  }
}

/** A rich function on keyed input may have asked for state: the record's key is then the current one while it is called. */
function withKey<F extends (value: unknown, out: never) => unknown>(
  call: F,
  spec: { readonly lifecycle?: RichFunction },
  host: OperatorHost,
  key: KeySpec | undefined,
): F {
  if (key === undefined || spec.lifecycle === undefined) return call;
  const { keyed } = host;
  return ((value, out) => {
    if (keyed.inUse) keyed.setCurrentKey(key.select(value));
    return call(value, out);
  }) as F;
}

function timeOf(body: StageBody): StageTime | undefined {
  return 'operator' in body ? (body.operator as { readonly time?: StageTime }).time : undefined;
}

type KeyedSpec = Extract<OperatorSpec, { kind: 'reduce' | 'fieldAggregate' | 'fold' | 'aggregate' }>;

function keyedOperator(spec: KeyedSpec): UpdatingOperator & AbsorbingOperator {
  switch (spec.kind) {
    case 'fold':
      return new AccumulatingOperator(spec.key, foldAccumulation(spec.initial, spec.fold));
    case 'aggregate':
      return new AccumulatingOperator(spec.key, aggregateAccumulation(spec.aggregate));
    default:
      return reducerOf(spec);
  }
}

/** The operator of a reduce or of a built-in aggregation, also used to combine before an exchange. */
export function reducerOf(spec: Extract<OperatorSpec, { kind: 'reduce' | 'fieldAggregate' }>): UpdatingOperator & AbsorbingOperator {
  return spec.kind === 'reduce'
    ? new Reducer(spec.key, spec.reduce)
    : new FieldAggregator(spec.key, spec.aggregation, spec.field, spec.first);
}

/** The rich functions behind an operator; the functions of the object kinds may have a life themselves. */
function lifecycleOf(spec: OperatorSpec): RichFunction | undefined {
  switch (spec.kind) {
    case 'process':
      return spec.process;
    case 'coMap':
      return spec.coMap;
    case 'coFlatMap':
      return spec.coFlatMap;
    case 'coProcess':
      return spec.coProcess;
    default:
      return 'lifecycle' in spec ? spec.lifecycle : undefined;
  }
}

function emitResults(results: AbsorbingOperator, output: StageOutput, gate: { readonly blocked: boolean }): EmitCursor {
  let slot = 0;
  return () => {
    while (slot < results.size && !gate.blocked) output.emit(results.resultAt(slot++), NO_TIMESTAMP);
    return slot >= results.size;
  };
}
