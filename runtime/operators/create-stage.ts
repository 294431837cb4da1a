import { invariant, NO_TIMESTAMP } from '#core';
import type { KeySpec, OperatorSpec, RichFunction, RuntimeMode, StreamNode } from '#api';
import { AsyncOperator } from '../async/async-operator.js';
import type { AbsorbingOperator, EmitCursor, Stage, StageBody, StageOutput, TwoInputOperator, UpdatingOperator } from '../chain/stage.js';
import type { StageAnswers, StageCheckpoints } from '../chain/stage-checkpoints.js';
import type { StageTime } from '../chain/stage-time.js';
import { AccumulatingOperator, aggregateAccumulation, foldAccumulation } from './accumulating.js';
import { BroadcastProcessOperator, KeyedBroadcastProcessOperator } from './broadcast-process.js';
import { checkedRecord, fieldAggregation } from './field-aggregation.js';
import { FieldAggregator } from './field-aggregator.js';
import type { FunctionCheckpoints } from './function-checkpoints.js';
import { CoFlatMapOperator, CoMapOperator, CoProcessOperator, ProcessOperator } from './processing.js';
import type { OperatorRows, OperatorTable } from '../state/keyed-state-backend.js';
import { JoinedCheckpoints } from './joined-checkpoints.js';
import { KeyedCoProcessOperator, KeyedProcessOperator } from './keyed-process.js';
import type { OperatorHost } from './operator-host.js';
import type { LateRecords } from '../windowing/late-records.js';
import { windowFunctions, windowingBody } from '../windowing/windowing-body.js';
import type { FeedbackLoop } from '../iteration/feedback-loop.js';
import { isIterationEnd } from '../iteration/feedback-loops.js';
import { IterationHead } from '../iteration/iteration-head.js';
import { IterationTail } from '../iteration/iteration-tail.js';
import { Reducer } from './reducer.js';
import type { SinkCheckpoints } from './sink-checkpoints.js';
import { type RollingStep, StoredRolling } from './stored-rolling.js';

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
  /** Of the ends of loops. */
  readonly feedback?: FeedbackLoop | undefined;
}

/** Makes the stage of an operator. */
export function createStage(parts: StageParts): Stage {
  const { node, host, sink, functions } = parts;
  const body = bodyOf(parts);
  const life = functionOf(node.spec) as RichFunction | undefined;
  const operator = partsOf(body);
  return {
    nodeId: node.id,
    name: node.name,
    body,
    time: operator.time,
    answers: operator.answers,
    lateRecordsDropped: droppedBy(operator),
    checkpoints: sink ?? JoinedCheckpoints.of(operator.checkpoints, functions),
    open: async () => {
      if (sink !== undefined) return await sink.open();
      await functions?.initialize();
      await life?.open?.(host.context);
      operator.start?.();
    },
    close: async () => {
      operator.close?.();
      await (sink === undefined ? life?.close?.() : sink.close());
    },
    endOfInput: (output, gate) => {
      if (body.form === 'absorb') return emitResults(body.operator, output, gate);
      return operator.endOfInput?.(output);
    },
  };
}

/** What operators may have beside the processing of records. */
interface OperatorParts {
  readonly time?: StageTime;
  readonly answers?: StageAnswers;
  readonly checkpoints?: StageCheckpoints;
  /** Of windows, and of the two sides of interval joins. */
  readonly late?: LateRecords;
  readonly lateLeft?: LateRecords;
  readonly lateRight?: LateRecords;
  /** The function is open. */
  start?(): void;
  endOfInput?(output: StageOutput): EmitCursor;
  close?(): void;
}

function partsOf(body: StageBody): OperatorParts {
  return 'operator' in body ? (body.operator as OperatorParts) : {};
}

function droppedBy({ late, lateLeft, lateRight }: OperatorParts): (() => number) | undefined {
  const all = [late, lateLeft, lateRight].filter((records) => records !== undefined);
  return all.length === 0 ? undefined : () => all.reduce((sum, { dropped }) => sum + dropped, 0);
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
    case 'broadcastProcess':
      return spec.process;
    case 'asyncWait':
      return spec.wait.fn;
    case 'window':
    case 'windowCoGroup':
      return windowFunctions(spec);
    case 'intervalJoin':
      return spec.join;
    default:
      return 'lifecycle' in spec ? spec.lifecycle : undefined;
  }
}

type IterationSpec = Extract<OperatorSpec, { kind: 'iterationHead' | 'iterationTail' }>;

function bodyOf(parts: StageParts): StageBody {
  const { spec } = parts.node;
  return isIterationEnd(spec) ? iterationBody(spec, parts) : operatorBody(spec, parts);
}

function iterationBody(spec: IterationSpec, { host, feedback }: StageParts): StageBody {
  invariant(feedback !== undefined, 'the ends of a loop are given what leads from one to the other');
  const operator = spec.kind === 'iterationHead' ? new IterationHead(host, spec, feedback) : new IterationTail(host, feedback.queue);
  return { form: 'process', operator };
}

function operatorBody(spec: Exclude<OperatorSpec, IterationSpec>, { node, host, mode, keys, sink }: StageParts): StageBody {
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
      if (key === undefined) return { form: 'process', operator: new ProcessOperator(spec.process) };
      return { form: 'process', operator: new KeyedProcessOperator(host, key, spec.process) };
    case 'coMap':
      return { form: 'twoInputs', operator: new CoMapOperator(spec.coMap) };
    case 'coFlatMap':
      return { form: 'twoInputs', operator: new CoFlatMapOperator(spec.coFlatMap) };
    case 'coProcess':
      return { form: 'twoInputs', operator: coProcessOperator(spec.coProcess, host, keys) };
    case 'broadcastProcess':
      return { form: 'twoInputs', operator: broadcastOperator(spec, host, keys) };
    case 'asyncWait':
      return { form: 'process', operator: new AsyncOperator(host, spec.wait) };
    case 'sink':
      invariant(sink !== undefined, 'the stage of a sink is given its writer');
      return { form: 'sink', writer: sink.writer };
    case 'timestamps':
    case 'window':
    case 'windowCoGroup':
    case 'intervalJoin':
      return windowingBody(spec, host);
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

function coProcessOperator(
  fn: Extract<OperatorSpec, { kind: 'coProcess' }>['coProcess'],
  host: OperatorHost,
  [first, second]: readonly KeySpec[],
): TwoInputOperator {
  if (first === undefined || second === undefined) return new CoProcessOperator(fn);
  return new KeyedCoProcessOperator(host, [first, second], fn);
}

type KeyedOperator = UpdatingOperator & AbsorbingOperator & OperatorTable;

function broadcastOperator(
  { process, states }: Extract<OperatorSpec, { kind: 'broadcastProcess' }>,
  host: OperatorHost,
  [key]: readonly KeySpec[],
): TwoInputOperator {
  if (key !== undefined) return new KeyedBroadcastProcessOperator(host, key, process, states);
  return new BroadcastProcessOperator(host, process, states);
}

type KeyedSpec = Extract<OperatorSpec, { kind: 'reduce' | 'fieldAggregate' | 'fold' | 'aggregate' }>;

/** An operator that emits what it keeps with every record; snapshots hold it. */
function rollingOperator(node: StreamNode, spec: KeyedSpec, { keyed }: OperatorHost): UpdatingOperator {
  // What an aggregate keeps is of a type that nobody declares.
  const type = spec.kind === 'aggregate' ? undefined : node.outputType;
  const name = `rolling ${spec.kind}`;
  const rows = keyed.operatorRows?.({ name, kind: 'rows', type });
  if (rows === undefined) return new StoredRolling(keyed, spec.key, rollingStep(spec), { name, type });
  const operator = keyedOperator(spec, rows);
  rows.attach(operator);
  return operator;
}

function rollingStep(spec: KeyedSpec): RollingStep {
  if (spec.kind === 'fold' || spec.kind === 'aggregate') {
    const { create, add, result } =
      spec.kind === 'fold' ? foldAccumulation(spec.initial, spec.fold) : aggregateAccumulation(spec.aggregate);
    return { first: (record) => add(record, create()), next: (kept, record) => add(record, kept), result };
  }
  if (spec.kind === 'reduce') return { first: same, next: spec.reduce, result: same };
  const { aggregation, field } = spec;
  return {
    first: (record) => checkedRecord(aggregation, field, record),
    next: fieldAggregation(aggregation, field, spec.first),
    result: same,
  };
}

function same(value: unknown): unknown {
  return value;
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
