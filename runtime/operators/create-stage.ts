import { NO_TIMESTAMP } from '#core';
import type { OperatorSpec, RichFunction, RuntimeContext, RuntimeMode, SinkWriter, StreamNode } from '#api';
import type { AbsorbingOperator, EmitCursor, Stage, StageBody, StageOutput, UpdatingOperator } from '../chain/stage.js';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from './accumulating.js';
import { FieldAggregator } from './field-aggregator.js';
import { CoFlatMapOperator, CoMapOperator, CoProcessOperator, ProcessOperator } from './processing.js';
import { Reducer } from './reducer.js';

/** Makes the stage of an operator. Sinks bring their writer along: it needs more of the subtask than other operators do. */
export function createStage(node: StreamNode, context: RuntimeContext, mode: RuntimeMode, writer: SinkWriter<unknown> | undefined): Stage {
  const body = bodyOf(node.spec, mode, writer);
  const life = lifecycleOf(node.spec);
  return {
    nodeId: node.id,
    name: node.name,
    body,
    open: async () => {
      await (writer === undefined ? life?.open?.(context) : writer.open?.());
    },
    close: async () => {
      await (writer === undefined ? life?.close?.() : writer.close());
    },
    endOfInput: (output, gate) => (body.form === 'absorb' ? emitResults(body.operator, output, gate) : undefined),
  };
}

function bodyOf(spec: OperatorSpec, mode: RuntimeMode, writer: SinkWriter<unknown> | undefined): StageBody {
  switch (spec.kind) {
    case 'source':
      return { form: 'source' };
    case 'map':
      return { form: 'map', call: spec.map };
    case 'filter':
      return { form: 'filter', call: spec.filter };
    case 'flatMap':
      return { form: 'flatMap', call: spec.flatMap };
    case 'process':
      return { form: 'process', operator: new ProcessOperator(spec.process) };
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
