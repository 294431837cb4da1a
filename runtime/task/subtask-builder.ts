import { invariant } from '#core';
import type { Accumulator, SinkWriter, SourceReaderContext, StreamGraph, StreamNode } from '#api';
import { Configuration, pipelineCompiledChains } from '#conf';
import { DeferredEmissions, type ChainGate, type ChainPlan, type ChainTarget } from '../chain/chain-plan.js';
import { compiledChain } from '../chain/compiled-chain.js';
import { plainChain } from '../chain/plain-chain.js';
import type { Stage } from '../chain/stage.js';
import { createStage } from '../operators/create-stage.js';
import type { JobEdge, JobGraph, JobVertex } from '../plan/job-graph.js';
import type { SubtaskChannels } from './deployment.js';
import { GateInput } from './gate-input.js';
import { gateOf, exitOf } from './edge-ends.js';
import { operatorFailure } from './operator-failure.js';
import { OperatorContext } from './runtime-context.js';
import { sinkContext, type SlotEnvironment, sourceContext, type SubtaskPlace } from './slot-environment.js';
import { SourceInput } from './source-input.js';
import { Subtask } from './subtask.js';
import type { TaskExit } from './task-exit.js';

/** What a subtask is built from. */
export interface SubtaskBlueprint {
  readonly job: JobGraph;
  readonly program: StreamGraph;
  readonly vertex: JobVertex;
  readonly channels: SubtaskChannels;
  readonly attempt: number;
  readonly maxOverdraftSegments: number;
  readonly environment: SlotEnvironment;
  /** Fails this subtask with an error that was found outside its steps. */
  readonly fail: (error: unknown) => void;
  readonly requestSplit: (nodeId: number) => void;
}

/** A subtask and, when it reads a source, the input that takes splits. */
export interface BuiltSubtask {
  readonly subtask: Subtask;
  readonly source: { readonly node: StreamNode; readonly input: SourceInput } | undefined;
}

/** Puts a subtask together: stages, exits, the functions of its chain, its input. */
export function buildSubtask(blueprint: SubtaskBlueprint): BuiltSubtask {
  const gate: ChainGate = { blocked: false };
  const deferred = new DeferredEmissions();
  const accumulators = new Map<string, Accumulator<unknown, unknown>>();
  const { stages, writers } = stagesOf(blueprint, accumulators);
  const exits = new Map(outEdges(blueprint).map((edge) => [edge.id, exitOf(edge, blueprint, gate)]));
  const plan: ChainPlan = { name: blueprint.vertex.name, stages, targets: targetsOf(blueprint, exits) };
  const compiled = Configuration.of(blueprint.environment.configuration).get(pipelineCompiledChains);
  const chain = compiled ? compiledChain(plan, gate, deferred) : plainChain(plan, gate, deferred);
  const source = sourceOf(blueprint, chain.inputs, gate);
  const input =
    source?.input ??
    new GateInput(
      inEdges(blueprint).map((edge) => {
        const consume = chain.inputs[edge.input] ?? chain.inputs[0];
        invariant(consume !== undefined, 'a chain has an input');
        return { gate: gateOf(edge, blueprint), consume };
      }),
    );
  const { vertex, environment, channels } = blueprint;
  const id = { vertexId: vertex.id, subtaskIndex: channels.subtaskIndex };
  const subtask = new Subtask(
    {
      id,
      parallelism: vertex.parallelism,
      input,
      stages,
      chain,
      gate,
      deferred,
      exits: [...exits.values()],
      writers,
      accumulators,
      wake: () => {
        environment.wake();
      },
    },
    performance.now(),
  );
  return { subtask, source };
}

function placeOf({ vertex, channels, attempt, fail }: SubtaskBlueprint, { name }: StreamNode): SubtaskPlace {
  const { subtaskIndex } = channels;
  const { parallelism } = vertex;
  return {
    subtaskIndex,
    parallelism,
    attempt,
    fail: (error) => {
      fail(operatorFailure(name, subtaskIndex, parallelism, error));
    },
  };
}

function nodeOf(program: StreamGraph, nodeId: number): StreamNode {
  const node = program.nodes.find((candidate) => candidate.id === nodeId);
  invariant(node !== undefined, 'every operator of a job graph is a node of the program');
  return node;
}

function stagesOf(
  blueprint: SubtaskBlueprint,
  accumulators: Map<string, Accumulator<unknown, unknown>>,
): {
  readonly stages: readonly Stage[];
  readonly writers: readonly SinkWriter<unknown>[];
} {
  const { job, program, vertex, environment, attempt, channels } = blueprint;
  const { logger } = environment;
  const writers: SinkWriter<unknown>[] = [];
  const stages = vertex.operators.map(({ nodeId, name }) => {
    const node = nodeOf(program, nodeId);
    const writer = node.spec.kind === 'sink' ? node.spec.sink.createWriter(sinkContext(environment, placeOf(blueprint, node))) : undefined;
    if (writer !== undefined) writers.push(writer);
    const context = new OperatorContext(
      name,
      {
        jobId: job.jobId,
        jobName: job.name,
        subtaskIndex: channels.subtaskIndex,
        parallelism: vertex.parallelism,
        maxParallelism: vertex.maxParallelism,
        attemptNumber: attempt,
        logger,
        globalJobParameters: job.settings.globalJobParameters,
      },
      accumulators,
    );
    return createStage(node, context, job.settings.runtimeMode, writer);
  });
  return { stages, writers };
}

function outEdges({ job, vertex }: SubtaskBlueprint): readonly JobEdge[] {
  return job.edges.filter((edge) => edge.from === vertex.id);
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

function sourceOf(
  blueprint: SubtaskBlueprint,
  inputs: readonly ((value: unknown, timestamp: number) => void)[],
  gate: ChainGate,
): BuiltSubtask['source'] {
  const { program, vertex, environment, requestSplit } = blueprint;
  const node = nodeOf(program, vertex.operators[0]?.nodeId ?? -1);
  const push = inputs[0];
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
  const input: SourceInput = new SourceInput(node.spec.source, sourceContext(environment, placeOf(blueprint, node), hooks), push, gate);
  return { node, input };
}
