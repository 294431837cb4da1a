import { keyGroupRange } from '#core';
import type { Accumulator, KeySpec, SinkWriter, StreamGraph, StreamNode } from '#api';
import { pipelineAutoWatermarkInterval, Configuration } from '#conf';
import type { ChainGate } from '../chain/chain-plan.js';
import type { Stage } from '../chain/stage.js';
import type { WatermarkOutput } from '../chain/stage-time.js';
import { createStage, functionOf } from '../operators/create-stage.js';
import { FunctionCheckpoints } from '../operators/function-checkpoints.js';
import { SinkCheckpoints } from '../operators/sink-checkpoints.js';
import { createKeyedBackend } from '../state/create-keyed-backend.js';
import { OperatorLists } from '../state/operator-lists.js';
import type { ChainedOperator } from '../plan/job-graph.js';
import type { FeedbackLoop } from '../iteration/feedback-loop.js';
import { isIterationEnd } from '../iteration/feedback-loops.js';
import { SourceTime } from '../time/source-time.js';
import { operatorFailure } from './operator-failure.js';
import { OperatorState } from './operator-state.js';
import { OperatorContext } from './runtime-context.js';
import { sinkContext } from './slot-environment.js';
import { StageHost } from './stage-host.js';
import { nodeOf, placeOf, type SubtaskBlueprint } from './subtask-blueprint.js';

/** The operators of a subtask, in the order of their chain. */
export interface StagesOfSubtask {
  readonly stages: readonly Stage[];
  /** By stage. */
  readonly operators: readonly OperatorState[];
  readonly writers: readonly SinkWriter<unknown>[];
  /** Of a source that makes its own event time. */
  readonly sourceTime: SourceTime | undefined;
}

export interface StageSurroundings {
  readonly gate: ChainGate;
  readonly accumulators: Map<string, Accumulator<unknown, unknown>>;
  /** Where a stage puts the watermarks it makes, once the chain is there. */
  watermarks(stage: number): WatermarkOutput;
}

/** Restores the state of each operator of the chain, and makes its stage. */
export async function buildStages(blueprint: SubtaskBlueprint, surroundings: StageSurroundings): Promise<StagesOfSubtask> {
  const built = await Promise.all(
    blueprint.vertex.operators.map(async (operator, index) => {
      const node = nodeOf(blueprint.program, operator.nodeId);
      const keys = keysOf(blueprint.program, node);
      const state = await restoredState(blueprint, operator, keys.length > 0);
      return buildStage(blueprint, surroundings, { operator, index, node, keys, state });
    }),
  );
  return {
    stages: built.map(({ stage }) => stage),
    operators: built.map(({ state }) => state),
    writers: built.flatMap(({ writer }) => (writer === undefined ? [] : [writer])),
    sourceTime: built[0]?.sourceTime,
  };
}

/** By input of the operator: how its records find their keys; empty unless all inputs are keyed, but for one that is broadcast. */
export function keysOf(program: StreamGraph, node: StreamNode): readonly KeySpec[] {
  const inputs = program.edges.filter((edge) => edge.to === node.id).toSorted((a, b) => a.input - b.input);
  const keys: KeySpec[] = [];
  for (const { input, partitioning } of inputs) {
    if (partitioning.kind === 'broadcast' && node.spec.kind === 'broadcastProcess') continue;
    if (partitioning.kind !== 'hash') return [];
    keys[input] = partitioning.key;
  }
  return keys;
}

async function restoredState(blueprint: SubtaskBlueprint, operator: ChainedOperator, keyed: boolean): Promise<OperatorState> {
  const { vertex, channels, environment, restore } = blueprint;
  const { operatorId, name } = operator;
  const { subtaskIndex } = channels;
  const { parallelism, maxParallelism } = vertex;
  const explain = (error: unknown): ReturnType<typeof operatorFailure> => operatorFailure(name, subtaskIndex, parallelism, error);
  const restored = restore?.operators[operatorId];
  try {
    const lists = await OperatorLists.restore(restored?.lists ?? {}, environment.snapshotReader);
    const request = {
      operatorId,
      operatorName: name,
      subtaskIndex,
      keyGroups: keyGroupRange(subtaskIndex, maxParallelism, parallelism),
      maxParallelism,
      clock: environment.clock,
      configuration: environment.configuration,
      restored: restored?.keyed ?? [],
      reader: environment.snapshotReader,
    };
    return new OperatorState({ operatorId, keyed: keyed ? await createKeyedBackend(request) : undefined, lists, explain });
  } catch (error) {
    throw explain(error);
  }
}

interface BuiltStage {
  readonly stage: Stage;
  readonly state: OperatorState;
  readonly writer: SinkWriter<unknown> | undefined;
  readonly sourceTime: SourceTime | undefined;
}

interface StageInMaking {
  readonly operator: ChainedOperator;
  readonly index: number;
  readonly node: StreamNode;
  readonly keys: readonly KeySpec[];
  readonly state: OperatorState;
}

function buildStage(
  blueprint: SubtaskBlueprint,
  { gate, accumulators, watermarks }: StageSurroundings,
  { operator, index, node, keys, state }: StageInMaking,
): BuiltStage {
  const { job, environment, restore } = blueprint;
  const place = placeOf(blueprint, node);
  const context = contextOf(blueprint, operator.name, state, accumulators);
  const host = new StageHost({
    context,
    clock: environment.clock,
    gate,
    state,
    autoWatermarkIntervalMs: Configuration.of(environment.configuration).get(pipelineAutoWatermarkInterval),
    restoredCheckpointId: restore?.checkpointId,
    watermarks: () => watermarks(index),
    wake: () => {
      environment.wake();
    },
    fail: (error) => {
      place.fail(error);
    },
  });
  const functions = functionCheckpoints(node, host);
  const sink =
    node.spec.kind === 'sink' ? new SinkCheckpoints(node.spec.sink, sinkContext(environment, place), state.lists, functions) : undefined;
  const { spec } = node;
  const sourceTime = spec.kind === 'source' && spec.watermarks !== undefined ? new SourceTime(spec.watermarks, host) : undefined;
  const made = createStage({ node, host, mode: job.settings.runtimeMode, keys, sink, functions, feedback: feedbackOf(blueprint, node) });
  const timed = sourceTime === undefined ? made : { ...made, time: sourceTime };
  const stage = environment.instrument?.(timed, { subtaskIndex: place.subtaskIndex, attempt: place.attempt }) ?? timed;
  state.attach(stage);
  return { stage, state, writer: sink?.writer, sourceTime };
}

function feedbackOf({ job, program, channels, environment }: SubtaskBlueprint, node: StreamNode): FeedbackLoop | undefined {
  if (!isIterationEnd(node.spec)) return undefined;
  const head = node.spec.kind === 'iterationTail' ? nodeOf(program, node.spec.head) : node;
  return environment.feedback.of(job, head, channels.subtaskIndex, environment.configuration);
}

function functionCheckpoints({ spec }: StreamNode, host: StageHost): FunctionCheckpoints | undefined {
  const fn = functionOf(spec);
  if (fn === undefined || !FunctionCheckpoints.takesPart(fn)) return undefined;
  const { operatorState, context, restoredCheckpointId } = host;
  return new FunctionCheckpoints(fn, { operatorState, keyedState: context, restoredCheckpointId });
}

function contextOf(
  { job, vertex, channels, attempt, environment }: SubtaskBlueprint,
  name: string,
  state: OperatorState,
  accumulators: Map<string, Accumulator<unknown, unknown>>,
): OperatorContext {
  const place = {
    jobId: job.jobId,
    jobName: job.name,
    subtaskIndex: channels.subtaskIndex,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    attemptNumber: attempt,
    logger: environment.logger,
    globalJobParameters: job.settings.globalJobParameters,
  };
  return new OperatorContext(name, place, accumulators, state.isKeyed ? () => state.keyed : undefined);
}
