import { keyGroupRange } from '#core';
import { type AccumulatorData, mergeAccumulators } from '#api';
import type { JobGraph, JobVertex } from '../plan/job-graph.js';
import type { RestoredSubtask, SubtaskId } from '../task/deployment.js';
import { assignLists } from './assign-lists.js';
import { nameOfSubtask } from '../plan/subtasks.js';
import { inputsOf } from './checkpoint-plan.js';
import type { KeyedStateHandle, OperatorRestore, SubtaskSnapshot } from './handles.js';
import type { CheckpointMetadata, FinishedTasks, OperatorMetadata } from './metadata.js';
import { describeDifference, hasState } from './restore-difference.js';
import { checkInFlight, inFlightOf } from './restore-in-flight.js';
import {
  FinishedBeforeProducersError,
  MaxParallelismChangedError,
  ParallelismAboveSavedMaximumError,
  UnclaimedStateError,
} from './restore-errors.js';

type Finished = NonNullable<SubtaskSnapshot['finished']>;

const NOTHING: Finished = { steps: [], accumulators: {} };

/** What the subtasks of a job begin with. */
export interface RestorePlan {
  /** Of those that begin with state, or are finished already. */
  readonly subtasks: readonly RestoredSubtask[];
  /** What finished subtasks left whose task runs again, with others: it belongs to the job all the same. */
  readonly carried: readonly Finished[];
  /** Operators of the checkpoint whose state is given up. */
  readonly dropped: readonly OperatorMetadata[];
}

export interface RestoreOptions {
  /** For messages. */
  readonly path: string;
  /** State that no operator of the program claims is given up instead of an error. */
  readonly allowNonRestored: boolean;
}

/**
 * Gives the state of a checkpoint to the subtasks of a job, by operator id, whatever the parallelism was and is.
 *
 * Throws {@link UnclaimedStateError}, {@link MaxParallelismChangedError}, {@link ParallelismAboveSavedMaximumError},
 * {@link UnclaimedInFlightDataError}, {@link FinishedBeforeProducersError} (user).
 */
export function planRestore(metadata: CheckpointMetadata, graph: JobGraph, options: RestoreOptions): RestorePlan {
  const dropped = unclaimedOf(metadata, graph);
  if (dropped[0] && !options.allowNonRestored) {
    throw new UnclaimedStateError(options.path, dropped[0].operatorId, describeDifference(metadata, graph, dropped));
  }
  if (!options.allowNonRestored) checkInFlight(metadata, graph, options.path);
  const carried: Finished[] = [];
  const subtasks = graph.vertices.flatMap((vertex) => {
    const finished = finishedOf(metadata, vertex, carried);
    const operators = operatorsOf(metadata, vertex, options.path);
    const inFlight = inFlightOf(metadata, graph, vertex);
    return Array.from({ length: vertex.parallelism }, (_, subtaskIndex): RestoredSubtask => {
      const left = finished?.[subtaskIndex];
      return {
        vertexId: vertex.id,
        subtaskIndex,
        checkpointId: metadata.checkpointId,
        operators: left ? {} : operators[subtaskIndex]!,
        ...(!left && { inFlight: inFlight[subtaskIndex]! }),
        ...(left && { finished: left }),
      };
    });
  });
  checkFinished(subtasks, graph);
  return { subtasks, carried, dropped };
}

/** Nobody reads what is sent to a subtask that has finished. */
function checkFinished(subtasks: readonly RestoredSubtask[], graph: JobGraph): void {
  const finished = new Set(subtasks.filter((subtask) => subtask.finished !== undefined).map(nameOfSubtask));
  if (finished.size === 0) return;
  for (const vertex of graph.vertices) {
    for (let subtaskIndex = 0; subtaskIndex < vertex.parallelism; subtaskIndex++) {
      const subtask = { vertexId: vertex.id, subtaskIndex };
      if (!finished.has(nameOfSubtask(subtask))) continue;
      const producers = inputsOf(graph, subtask).flat();
      if (!producers.every((producer) => finished.has(nameOfSubtask(producer)))) {
        throw new FinishedBeforeProducersError(vertex.name, vertex.id);
      }
    }
  }
}

/** What a slot is told of the plan: what its subtasks begin with, and, where it runs subtask 0 of a task, which others had finished. */
export function restoresOf(subtasks: readonly SubtaskId[], restores: readonly RestoredSubtask[]): readonly RestoredSubtask[] {
  return restores.flatMap((restore): readonly RestoredSubtask[] => {
    const ofTask = subtasks.filter(({ vertexId }) => vertexId === restore.vertexId);
    if (ofTask.some(({ subtaskIndex }) => subtaskIndex === restore.subtaskIndex)) return [restore];
    if (!restore.finished || !ofTask.some(({ subtaskIndex }) => subtaskIndex === 0)) return [];
    return [{ ...restore, finished: NOTHING }];
  });
}

function unclaimedOf({ operators }: CheckpointMetadata, graph: JobGraph): readonly OperatorMetadata[] {
  const there = new Set(graph.vertices.flatMap((vertex) => vertex.operators.map(({ operatorId }) => operatorId)));
  return operators.filter((operator) => !there.has(operator.operatorId) && hasState(operator));
}

/** For each subtask: what its operators begin with, by operator id. */
function operatorsOf(metadata: CheckpointMetadata, vertex: JobVertex, path: string): readonly Record<string, OperatorRestore>[] {
  const restores = Array.from({ length: vertex.parallelism }, (): Record<string, OperatorRestore> => ({}));
  for (const { operatorId } of vertex.operators) {
    const saved = metadata.operators.find((operator) => operator.operatorId === operatorId);
    if (!saved) continue;
    checkMaxParallelism(saved, vertex, path);
    const lists = assignLists(saved.subtasks, vertex.parallelism, saved.parallelism);
    restores.forEach((restore, index) => {
      restore[operatorId] = { keyed: keyedOf(saved, vertex, index), lists: lists[index]! };
    });
  }
  return restores;
}

/** Only key groups bind an operator to a max parallelism. */
function checkMaxParallelism(saved: OperatorMetadata, vertex: JobVertex, path: string): void {
  const keyed = [...saved.subtasks.values()].find((snapshot) => snapshot.keyed !== undefined)?.keyed;
  if (!keyed || keyed.maxParallelism === vertex.maxParallelism) return;
  if (vertex.parallelism > keyed.maxParallelism) {
    throw new ParallelismAboveSavedMaximumError(vertex.name, vertex.parallelism, keyed.maxParallelism);
  }
  throw new MaxParallelismChangedError(path, saved.operatorId, keyed.maxParallelism, vertex.maxParallelism);
}

function keyedOf(saved: OperatorMetadata, { maxParallelism, parallelism }: JobVertex, subtaskIndex: number): readonly KeyedStateHandle[] {
  const { first, last } = keyGroupRange(subtaskIndex, maxParallelism, parallelism);
  return [...saved.subtasks.values()].flatMap(({ keyed }) =>
    keyed && keyed.keyGroups.first <= last && keyed.keyGroups.last >= first ? [keyed] : [],
  );
}

/**
 * A task all of whose subtasks had finished is finished. One of which some had runs again as a whole, unless it has as many subtasks as
 * before: then those stay finished. What the others left is carried.
 */
function finishedOf(
  { finished }: CheckpointMetadata,
  vertex: JobVertex,
  carried: Finished[],
): readonly (Finished | undefined)[] | undefined {
  const saved = finished.find(({ vertexId }) => vertexId === vertex.id);
  if (!saved) return undefined;
  if (saved.parallelism === vertex.parallelism) return Array.from({ length: vertex.parallelism }, (_, index) => saved.subtasks.get(index));
  if (saved.subtasks.size === saved.parallelism) return gathered(saved, vertex.parallelism);
  carried.push(...saved.subtasks.values());
  return undefined;
}

/** The first subtasks report what all former ones left. */
function gathered({ subtasks }: FinishedTasks, parallelism: number): readonly Finished[] {
  const all = [...subtasks.values()];
  if (all.length <= parallelism) return [...all, ...Array.from({ length: parallelism - all.length }, () => NOTHING)];
  const [first, ...others] = all;
  const rest = others.slice(parallelism - 1);
  return [mergeFinished([first!, ...rest]), ...others.slice(0, parallelism - 1)];
}

function mergeFinished(parts: readonly Finished[]): Finished {
  const accumulators = mergeAccumulators(parts.map((part) => part.accumulators as Readonly<Record<string, AccumulatorData>>));
  return { steps: parts.flatMap(({ steps }) => steps), accumulators };
}
