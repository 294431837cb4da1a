import { invariant, type LookAhead, type RecordConsumer } from '#core';
import type { Accumulator, SourceReaderContext, StreamNode } from '#api';
import { Configuration, pipelineCompiledChains } from '#conf';
import { DeferredEmissions, type ChainFunctions, type ChainGate, type ChainPlan, type ChainTarget } from '../chain/chain-plan.js';
import { compiledChain } from '../chain/compiled-chain.js';
import { plainChain } from '../chain/plain-chain.js';
import { serializeError } from '../control/serialized-error.js';
import { TimeOrder } from '../exchange/time-order.js';
import type { JobEdge } from '../plan/job-graph.js';
import { alignmentReport } from '../time/alignment-events.js';
import { SourceAlignment } from '../time/source-alignment.js';
import { inputChannels, outputChannels } from '../plan/channel-names.js';
import { ChainTime } from './chain-time.js';
import { ControlFlow } from './control-flow.js';
import { exitOf, gateOf, replayOf } from './edge-ends.js';
import { FinishedSubtask } from './finished-subtask.js';
import { GateEvents } from './gate-events.js';
import { GateInput } from './gate-input.js';
import { sourceContext } from './slot-environment.js';
import { PacedGate } from './paced-gate.js';
import { loadInFlight, type LoadedInFlight, ReplayedChannels } from './replayed-channels.js';
import { SourceInput } from './source-input.js';
import { buildStages, type StagesOfSubtask } from './stages-of-subtask.js';
import type { SlotTask } from './slot-task.js';
import { Stopping } from './stopping.js';
import { Subtask } from './subtask.js';
import { nodeOf, outEdges, placeOf, type SubtaskBlueprint } from './subtask-blueprint.js';
import { SubtaskCheckpoints } from './subtask-checkpoints.js';
import type { TaskExit } from './task-exit.js';
import type { TaskInput } from './task-input.js';

/** A subtask and, when it reads a source, the input that takes splits. */
export interface BuiltSubtask {
  readonly subtask: SlotTask;
  readonly source:
    | {
        readonly node: StreamNode;
        /** Undefined: it has read all. */
        readonly input: SourceInput | undefined;
        /** Of the source's enumerator; undefined when the source begins. */
        readonly restoredEnumerator: readonly unknown[] | undefined;
      }
    | undefined;
}

/** Puts a subtask together: stages with their restored state, exits, the functions of its chain, its input. */
export async function buildSubtask(blueprint: SubtaskBlueprint): Promise<BuiltSubtask> {
  const { finished } = blueprint.restore ?? {};
  if (finished !== undefined) return { subtask: new FinishedSubtask(blueprint, finished), source: finishedSource(blueprint) };
  const gate: ChainGate = { blocked: false };
  const accumulators = new Map<string, Accumulator<unknown, unknown>>();
  let time: ChainTime | undefined;
  const stages = await buildStages(blueprint, { gate, accumulators, watermarks: (stage) => time!.outputOf(stage) });
  const { restore, environment } = blueprint;
  const inFlight = restore?.inFlight === undefined ? undefined : await loadInFlight(restore.inFlight, environment.snapshotReader);
  return new SubtaskAssembly(blueprint, gate, accumulators, stages, (made) => {
    time = made;
  }).assemble(inFlight);
}

/** Other readers of the source may go on: nothing is left for them with its enumerator, or its subtask 0 would not have ended. */
function finishedSource({ program, vertex }: SubtaskBlueprint): BuiltSubtask['source'] {
  const node = nodeOf(program, vertex.operators[0]?.nodeId ?? -1);
  return node.spec.kind === 'source' ? { node, input: undefined, restoredEnumerator: [] } : undefined;
}

/** Puts together what the stages are connected by. */
class SubtaskAssembly {
  readonly #deferred = new DeferredEmissions();
  readonly #control: ControlFlow;
  readonly #exits: ReadonlyMap<number, TaskExit>;
  readonly #chain: ChainFunctions;
  readonly #time: ChainTime;
  readonly #checkpoints: SubtaskCheckpoints;
  #input: SourceInput | undefined;
  readonly #stopping = new Stopping((drain) => this.#input?.stop(drain));

  constructor(
    private readonly blueprint: SubtaskBlueprint,
    private readonly gate: ChainGate,
    private readonly accumulators: ReadonlyMap<string, Accumulator<unknown, unknown>>,
    private readonly built: StagesOfSubtask,
    timeMade: (time: ChainTime) => void,
  ) {
    const { stages } = built;
    this.#control = new ControlFlow(gate, this.#wake);
    this.#exits = new Map(outEdges(blueprint).map((edge) => [edge.id, exitOf(edge, blueprint, gate)]));
    const targets = targetsOf(blueprint, this.#exits);
    const plan: ChainPlan = { name: blueprint.vertex.name, stages, targets };
    const compiled = Configuration.of(blueprint.environment.configuration).get(pipelineCompiledChains);
    this.#chain = compiled ? compiledChain(plan, gate, this.#deferred) : plainChain(plan, gate, this.#deferred);
    this.#time = new ChainTime({
      stages,
      targets,
      outputs: this.#chain.outputs,
      gate,
      control: this.#control,
      clock: blueprint.environment.clock,
      exitOf: (target) => target.exit as TaskExit,
    });
    timeMade(this.#time);
    this.#checkpoints = this.#makeCheckpoints();
  }

  /** @param inFlight what is to be processed before all input. */
  assemble(inFlight: LoadedInFlight | undefined): BuiltSubtask {
    const source = this.#source();
    return { subtask: this.#subtask(this.#input ?? this.#gates(inFlight)), source };
  }

  get #wake(): () => void {
    const { environment } = this.blueprint;
    return () => {
      environment.wake();
    };
  }

  #subtask(input: TaskInput): Subtask {
    const { vertex, channels, environment } = this.blueprint;
    const id = { vertexId: vertex.id, subtaskIndex: channels.subtaskIndex };
    return new Subtask(
      {
        id,
        parallelism: vertex.parallelism,
        clock: environment.clock,
        input,
        stages: this.built.stages,
        chain: this.#chain,
        gate: this.gate,
        deferred: this.#deferred,
        control: this.#control,
        time: this.#time,
        checkpoints: this.#checkpoints,
        stopping: this.#stopping,
        exits: [...this.#exits.values()],
        writers: this.built.writers,
        accumulators: this.accumulators,
        checkpointing: environment.checkpointing,
        awaitCheckpoint: () => {
          environment.report({ type: 'awaitingCheckpoint', subtask: id });
        },
        wake: this.#wake,
      },
      environment.clock.monotonicMs(),
    );
  }

  #makeCheckpoints(): SubtaskCheckpoints {
    const { vertex, channels, environment, fail } = this.blueprint;
    const subtask = { vertexId: vertex.id, subtaskIndex: channels.subtaskIndex };
    return new SubtaskCheckpoints({
      control: this.#control,
      exits: outEdges(this.blueprint).map((edge) => ({
        exit: this.#exits.get(edge.id)!,
        channels: outputChannels(this.blueprint.job, edge, channels.subtaskIndex),
      })),
      operators: this.built.operators,
      clock: environment.clock,
      storageFor: environment.storageFor,
      reports: {
        acknowledge: (checkpointId, snapshot) => {
          environment.report({ type: 'checkpointAcknowledged', subtask, checkpointId, snapshot });
        },
        decline: (checkpointId, error) => {
          environment.report({ type: 'checkpointDeclined', subtask, checkpointId, error: serializeError(error) });
        },
        fail,
      },
      settle: () => {
        this.#input?.settle();
      },
      onStopping: (checkpointId, stop) => {
        this.#stopping.ask(checkpointId, stop);
      },
    });
  }

  #gates(inFlight: LoadedInFlight | undefined): GateInput {
    const { environment, job, channels } = this.blueprint;
    const edges = inEdges(this.blueprint);
    const names = edges.map((edge) => inputChannels(job, edge, channels.subtaskIndex));
    const events = new GateEvents(names, {
      onWatermark: (watermark) => {
        this.#time.arrive(watermark);
      },
      onIdle: (idle) => {
        this.#time.arriveIdle(idle);
      },
      onAligned: (checkpoint) => {
        this.#checkpoints.take(checkpoint);
      },
      onOvertaken: (checkpoint, record) => {
        this.#checkpoints.overtake(checkpoint, record);
      },
      onSubsumed: (checkpointId) => {
        this.#checkpoints.subsumed(checkpointId);
      },
      clock: environment.clock,
      wake: this.#wake,
    });
    const order = new TimeOrder(environment.clock);
    const gates = edges.map((edge, index) => {
      const gate = gateOf(edge, this.blueprint, order, {
        look: this.#look,
        onEvent: (channel, event) => {
          events.onEvent(index, channel, event);
        },
      });
      return new PacedGate(gate, this.#inputOf(edge), this.gate, environment.clock);
    });
    const replayed = edges.map((edge) => replayOf(edge, this.blueprint, this.#inputOf(edge)));
    return new GateInput(gates, events, order, inFlight && new ReplayedChannels(inFlight, replayed));
  }

  #inputOf(edge: JobEdge): RecordConsumer {
    const consume = this.#chain.inputs[edge.input] ?? this.#chain.inputs[0];
    invariant(consume !== undefined, 'a chain has an input');
    return consume;
  }

  /** What the head of the chain does with records that come soon. */
  get #look(): LookAhead | undefined {
    const body = this.built.stages[0]?.body;
    return body?.form === 'process' ? body.operator.prefetch?.bind(body.operator) : undefined;
  }

  #source(): BuiltSubtask['source'] {
    const { program, vertex, environment, requestSplit } = this.blueprint;
    const node = nodeOf(program, vertex.operators[0]?.nodeId ?? -1);
    const push = this.#chain.inputs[0];
    if (node.spec.kind !== 'source' || push === undefined) return undefined;
    const hooks: Pick<SourceReaderContext, 'wake' | 'requestSplit'> = {
      wake: () => {
        input.wake();
        environment.wake();
      },
      requestSplit: () => {
        requestSplit(node.id);
      },
    };
    const context = sourceContext(environment, placeOf(this.blueprint, node), hooks);
    const input: SourceInput = new SourceInput(node.spec.source, context, {
      push,
      gate: this.gate,
      time: this.built.sourceTime,
      alignment: this.#alignment(node),
    });
    this.#input = input;
    const restored = this.blueprint.restore?.operators[vertex.operators[0]!.operatorId] !== undefined;
    const [state] = this.built.operators;
    state?.read(input, restored);
    return { node, input, restoredEnumerator: restored ? state?.enumerator : undefined };
  }

  /** Of a source that keeps together with others. */
  #alignment({ id, spec }: StreamNode): SourceAlignment | undefined {
    const { vertex, channels, environment } = this.blueprint;
    const alignment = spec.kind === 'source' ? spec.watermarks?.alignment : undefined;
    const { sourceTime } = this.built;
    if (alignment === undefined || sourceTime === undefined) return undefined;
    return new SourceAlignment(alignment, sourceTime, {
      clock: environment.clock,
      report: (watermark) => {
        const event = alignmentReport({ vertexId: vertex.id, nodeId: id }, channels.subtaskIndex, { ...alignment, watermark });
        environment.report({ type: 'operatorEvent', event });
      },
    });
  }
}

function inEdges({ job, vertex }: SubtaskBlueprint): readonly JobEdge[] {
  return job.edges.filter((edge) => edge.to === vertex.id);
}

/** The targets of each operator of the chain: operators chained to it, then the exchanges that its output feeds. */
function targetsOf(blueprint: SubtaskBlueprint, exits: ReadonlyMap<number, TaskExit>): readonly (readonly ChainTarget[])[] {
  const { operators, links } = blueprint.vertex;
  const edges = outEdges(blueprint);
  return operators.map(({ nodeId }) => [
    ...links
      .filter((link) => link.from === nodeId)
      .map((link): ChainTarget => ({
        kind: 'stage',
        stage: operators.findIndex((operator) => operator.nodeId === link.to),
        tag: link.outputTag,
      })),
    ...edges
      .filter((edge) => edge.fromNode === nodeId)
      .map((edge): ChainTarget => ({
        kind: 'exit',
        exit: exits.get(edge.id) as TaskExit,
        tag: edge.outputTag,
      })),
  ]);
}
