import { FlinkError, invariant, keyGroupRange, newJobId, silentLogger } from '#core';
import type { Accumulator, OutputTag, StreamGraph, StreamNode } from '#api';
import type { EmitCursor, Stage, StageBody, StageOutput } from '../chain/stage.js';
import type { OperatorSnapshot } from '../checkpoint/handles.js';
import { createStage, functionOf } from '../operators/create-stage.js';
import { FunctionCheckpoints } from '../operators/function-checkpoints.js';
import { createKeyedBackend } from '../state/create-keyed-backend.js';
import type { KeyedStateBackend } from '../state/keyed-state-backend.js';
import { OperatorLists } from '../state/operator-lists.js';
import { OperatorContext } from '../task/runtime-context.js';
import { keysOf } from '../task/stages-of-subtask.js';
import { memoryReader, memorySnapshots, restoreOf } from './memory-snapshots.js';
import { VirtualClock } from './virtual-clock.js';

/** What is given to a harness does not end in one operator, or an operator failed beside its records. */
export class HarnessError extends FlinkError {
  constructor(message: string, action: string, cause?: unknown) {
    super({ code: 'HARNESS', message, action, blame: 'user', cause });
  }
}

/** What a subtask holds at a time: to be given to other harnesses of the same operator. */
export type HarnessSnapshot = OperatorSnapshot;

export interface HarnessOptions {
  /** By default 0 of 1. */
  readonly subtaskIndex?: number;
  readonly parallelism?: number;
  /** By default 128. */
  readonly maxParallelism?: number;
  /** Processing time at the start, ms since 1970 UTC; by default 0. */
  readonly processingTime?: number;
  /** Of all subtasks of the operator, at whatever parallelism they were. */
  readonly restore?: readonly HarnessSnapshot[];
}

export interface HarnessRecord<O> {
  readonly value: O;
  /** ms since 1970 UTC, or `NO_TIMESTAMP`. */
  readonly timestamp: number;
}

/** What a harness is made of. */
interface HarnessParts {
  readonly stage: Stage;
  readonly clock: VirtualClock;
  readonly gate: { blocked: boolean };
  readonly keyed: KeyedStateBackend | undefined;
  readonly lists: OperatorLists;
  readonly output: RecordedOutput;
}

class RecordedOutput implements StageOutput {
  readonly records: HarnessRecord<unknown>[] = [];
  readonly watermarks: number[] = [];
  readonly side = new Map<string, HarnessRecord<unknown>[]>();
  failure: { readonly error: unknown } | undefined;

  emit(value: unknown, timestamp: number): void {
    this.records.push({ value, timestamp });
  }

  emitTo(tag: string, value: unknown, timestamp: number): void {
    const records = this.side.get(tag) ?? [];
    this.side.set(tag, records);
    records.push({ value, timestamp });
  }
}

/** One subtask of one operator, the real one, with its state, driven by a test: time goes only as it is told to. */
export class OperatorHarness<O> {
  readonly #parts: HarnessParts;
  #checkpointId = 0;

  protected constructor(parts: HarnessParts) {
    this.#parts = parts;
  }

  /** The records emitted so far, with their timestamps. */
  get output(): readonly HarnessRecord<O>[] {
    return this.#parts.output.records as HarnessRecord<O>[];
  }

  /** The values emitted since it was asked for last. */
  takeValues(): O[] {
    return this.#parts.output.records.splice(0).map(({ value }) => value as O);
  }

  /** The watermarks of the output. */
  get watermarks(): readonly number[] {
    return this.#parts.output.watermarks;
  }

  sideOutput<X>(tag: OutputTag<X>): readonly HarnessRecord<X>[] {
    return (this.#parts.output.side.get(tag.id) ?? []) as HarnessRecord<X>[];
  }

  /** ms since 1970 UTC. */
  get processingTime(): number {
    return this.#parts.clock.now();
  }

  /** Event time rises at all inputs of the operator. */
  processWatermark(timestamp: number): void {
    const { stage, output } = this.#parts;
    this.#follow(stage.time?.advance(timestamp, output));
    if (stage.time?.passesWatermarks !== false) output.watermarks.push(timestamp);
    this.#settle();
  }

  /** Processing time goes on, ms since 1970 UTC; what is due by then is done in the order of its times. */
  setProcessingTime(timeMs: number): void {
    const { clock, stage, output } = this.#parts;
    for (let next = this.#nextDue(); next <= timeMs; next = this.#nextDue()) {
      clock.goTo(next);
      if ((stage.time?.nextProcessingTimeMs ?? Infinity) <= clock.now()) this.#follow(stage.time?.onProcessingTime(clock.now(), output));
      this.#settle();
    }
    clock.goTo(timeMs);
  }

  /** Lets promises of the operator come to their ends, as far as they do not wait for time. */
  async settled(): Promise<void> {
    await new Promise(setImmediate);
    this.#settle();
  }

  /** No record follows. */
  endInput(): void {
    const { stage, output, gate } = this.#parts;
    this.#follow(stage.endOfInput(output, gate));
    this.#settle();
  }

  /** What the operator holds now. It goes on. */
  async snapshot(): Promise<HarnessSnapshot> {
    const { stage, keyed, lists, clock } = this.#parts;
    const checkpointId = ++this.#checkpointId;
    await stage.checkpoints?.snapshot(checkpointId, clock.now());
    const written = keyed?.inUse === true ? keyed.snapshot(checkpointId, { full: true }).write(memorySnapshots) : undefined;
    const ofLists = await lists.snapshot()(memorySnapshots);
    await stage.checkpoints?.completed(checkpointId);
    return written === undefined ? { lists: ofLists } : { keyed: await written, lists: ofLists };
  }

  async close(): Promise<void> {
    await this.#parts.stage.close();
    await this.#parts.keyed?.close();
  }

  protected pushTo(input: number, value: unknown, timestamp: number): void {
    const { stage, output } = this.#parts;
    process(stage.body, input, value, timestamp, output);
    this.#settle();
  }

  #nextDue(): number {
    return Math.max(
      this.#parts.clock.now(),
      Math.min(this.#parts.clock.nextTimerMs, this.#parts.stage.time?.nextProcessingTimeMs ?? Infinity),
    );
  }

  #follow(cursor: EmitCursor | undefined): void {
    this.#parts.gate.blocked = false;
    cursor?.();
  }

  /** Emits what is ready, and throws what the operator failed with beside its records. */
  #settle(): void {
    const { stage, gate, output } = this.#parts;
    gate.blocked = false;
    while (stage.answers?.ready === true) {
      stage.answers.emit(output);
      gate.blocked = false;
    }
    const { failure } = output;
    if (failure === undefined) return;
    output.failure = undefined;
    throw new HarnessError('the operator failed beside its records', 'See the cause.', failure.error);
  }
}

/** Makes what a harness drives: the one operator between the sources and the sink of the graph. */
export async function harnessParts(graph: StreamGraph, options: HarnessOptions): Promise<HarnessParts> {
  const node = testedNode(graph);
  const { subtaskIndex = 0, parallelism = 1, maxParallelism = 128 } = options;
  const place = { subtaskIndex, parallelism, maxParallelism };
  const clock = new VirtualClock(options.processingTime);
  const keys = keysOf(graph, node);
  const restored = restoreOf(options.restore ?? [], place);
  const lists = await OperatorLists.restore(restored.lists, memoryReader);
  const request = {
    operatorId: '0'.repeat(32),
    operatorName: node.name,
    subtaskIndex,
    keyGroups: keyGroupRange(subtaskIndex, maxParallelism, parallelism),
    maxParallelism,
    clock,
    configuration: {},
    restored: restored.keyed,
    reader: memoryReader,
  };
  const keyed = keys.length > 0 ? await createKeyedBackend(request) : undefined;
  const output = new RecordedOutput();
  const gate = { blocked: false };
  const context = contextOf(node, place, keyed);
  const restoredCheckpointId = options.restore === undefined ? undefined : 1;
  const fn = functionOf(node.spec);
  const functions =
    fn === undefined ? undefined : new FunctionCheckpoints(fn, { operatorState: lists, keyedState: context, restoredCheckpointId });
  const host = {
    context,
    clock,
    gate,
    get keyed() {
      invariant(keyed !== undefined, 'only operators on keyed input have keyed state');
      return keyed;
    },
    operatorState: lists,
    watermarks: { emitWatermark: (watermark: number) => void output.watermarks.push(watermark), setIdle: () => undefined },
    autoWatermarkIntervalMs: 200,
    restoredCheckpointId,
    wake: () => undefined,
    fail: (error: unknown) => {
      output.failure ??= { error };
    },
  };
  const stage = createStage({ node, host, mode: 'STREAMING', keys, sink: undefined, functions });
  await stage.open();
  return { stage, clock, gate, keyed, lists, output };
}

function contextOf(
  node: StreamNode,
  place: { readonly subtaskIndex: number; readonly parallelism: number; readonly maxParallelism: number },
  keyed: KeyedStateBackend | undefined,
): OperatorContext {
  const job = { jobId: newJobId(), jobName: 'harness', attemptNumber: 0, logger: silentLogger, globalJobParameters: {} };
  const accumulators = new Map<string, Accumulator<unknown, unknown>>();
  return new OperatorContext(node.name, { ...job, ...place }, accumulators, keyed === undefined ? undefined : () => keyed);
}

function testedNode({ nodes }: StreamGraph): StreamNode {
  const tested = nodes.filter(({ spec }) => spec.kind !== 'source' && spec.kind !== 'sink');
  const [node] = tested;
  if (node !== undefined && tested.length === 1) return node;
  throw new HarnessError(
    `a harness drives one operator, not ${tested.length}`,
    'Give it a function that makes one operator of its inputs.',
  );
}

/** What the chain does with a record, for one operator. */
function process(body: StageBody, input: number, value: unknown, timestamp: number, output: StageOutput): void {
  switch (body.form) {
    case 'map':
      output.emit(body.call(value), timestamp);
      break;
    case 'filter':
      if (body.call(value)) output.emit(value, timestamp);
      break;
    case 'flatMap': {
      const out = {
        collect: (result: unknown) => {
          output.emit(result, timestamp);
        },
      };
      for (const result of body.call(value, out) ?? []) output.emit(result, timestamp);
      break;
    }
    case 'update':
      output.emit(body.operator.update(value), timestamp);
      break;
    case 'absorb':
      body.operator.absorb(value);
      break;
    case 'process':
      body.operator.process(value, timestamp, output);
      break;
    case 'twoInputs':
      if (input === 0) body.operator.process1(value, timestamp, output);
      else body.operator.process2(value, timestamp, output);
      break;
    default:
      throw new HarnessError(`a harness cannot drive a ${body.form}`, 'Test sources and sinks by jobs.');
  }
}
