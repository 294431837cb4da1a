import { invariant, NO_TIMESTAMP } from '#core';
import type { KeySpec, OperatorSpec, ProcessFunction, RichFunction, RuntimeMode, StreamNode } from '#api';
import type { AbsorbingOperator, EmitCursor, Stage, StageBody, StageOutput, UpdatingOperator } from '../chain/stage.js';
import type { StageTime } from '../chain/stage-time.js';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from './accumulating.js';
import { FieldAggregator } from './field-aggregator.js';
import type { FunctionCheckpoints } from './function-checkpoints.js';
import { CoFlatMapOperator, CoMapOperator, CoProcessOperator, ProcessOperator } from './processing.js';
import { KeyedProcessOperator } from './keyed-process.js';
import type { OperatorRows, OperatorTable } from '../state/keyed-state-backend.js';
import type { OperatorHost } from './operator-host.js';
import { Reducer } from './reducer.js';
import type { SinkCheckpoints } from './sink-checkpoints.js';

/** What a stage is made from. */
export interface StageParts {
  readonly node: StreamNode;
  readonly host: OperatorHost;
  readonly mode: RuntimeMode;
  /** By input: how its records find their keys; empty unless all inputs are keyed. */
  readonly keys: readonly KeySpec[];
  /** Of sinks, which need more of the subtask than other operators do. */
  readonly sink: SinkCheckpoints | undefined;
  /** What the operator's function does as checkpoints come and go, if anything. */
  readonly functions: FunctionCheckpoints | undefined;
}

/** Makes the stage of an operator. */
export function createStage(parts: StageParts): Stage {
  const { node, host, sink, functions } = parts;
  const body = bodyOf(parts);
  const life = functionOf(node.spec) as RichFunction | undefined;
  return {
    nodeId: node.id,
    name: node.name,
    body,
    time: timeOf(body),
    checkpoints: sink ?? functions,
    open: async () => {
      if (sink !== undefined) return await sink.open();
      await functions?.initialize();
      await life?.open?.(host.context);
    },
    close: async () => {
      await (sink === undefined ? life?.close?.() : sink.close());
    },
    endOfInput: (output, gate) => (body.form === 'absorb' ? emitResults(body.operator, output, gate) : undefined),
  };
}

/** The function of the program behind an operator, whose life and checkpoints are to be seen to. */
export function functionOf(spec: OperatorSpec): object | undefined {
  switch (spec.kind) {
    case 'source':
      return spec.source.checkpointed?.();
    case 'sink':
      return spec.sink.checkpointed?.();
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

function bodyOf({ node, host, mode, keys, sink }: StageParts): StageBody {
  const { spec } = node;
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
      invariant(sink !== undefined, 'the stage of a sink is given its writer');
      return { form: 'sink', writer: sink.writer };
    case 'timestamps':
    case 'window':
    case 'windowCoGroup':
    case 'intervalJoin':
      throw new TypeError(`no runtime yet for "${spec.kind}"`);
    default:
      return mode === 'BATCH'
        ? { form: 'absorb', operator: keyedOperator(spec) }
        : { form: 'update', operator: rollingOperator(node, spec, host) };
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

type KeyedOperator = UpdatingOperator & AbsorbingOperator & OperatorTable;
type KeyedSpec = Extract<OperatorSpec, { kind: 'reduce' | 'fieldAggregate' | 'fold' | 'aggregate' }>;

/** An operator that emits what it keeps with every record; snapshots hold it. */
function rollingOperator(node: StreamNode, spec: KeyedSpec, host: OperatorHost): UpdatingOperator {
  // What an aggregate keeps is of a type that nobody declares.
  const type = spec.kind === 'aggregate' ? undefined : node.outputType;
  const rows = host.keyed.operatorRows({ name: `rolling ${spec.kind}`, kind: 'rows', type });
  const operator = keyedOperator(spec, rows);
  rows.attach(operator);
  return operator;
}

function keyedOperator(spec: KeyedSpec, rows?: OperatorRows): KeyedOperator {
  switch (spec.kind) {
    case 'fold':
      return new AccumulatingOperator(spec.key, foldAccumulation(spec.initial, spec.fold), rows);
    case 'aggregate':
      return new AccumulatingOperator(spec.key, aggregateAccumulation(spec.aggregate), rows);
    default:
      return reducerOf(spec, rows);
  }
}

/** The operator of a reduce or of a built-in aggregation, also used to combine before an exchange. */
export function reducerOf(spec: Extract<OperatorSpec, { kind: 'reduce' | 'fieldAggregate' }>, rows?: OperatorRows): KeyedOperator {
  return spec.kind === 'reduce'
    ? new Reducer(spec.key, spec.reduce, rows)
    : new FieldAggregator(spec.key, spec.aggregation, spec.field, spec.first, rows);
}

function emitResults(results: AbsorbingOperator, output: StageOutput, gate: { readonly blocked: boolean }): EmitCursor {
  let slot = 0;
  return () => {
    while (slot < results.size && !gate.blocked) output.emit(results.resultAt(slot++), NO_TIMESTAMP);
    return slot >= results.size;
  };
}
