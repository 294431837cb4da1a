import { consumersOf } from '../plan/distribution.js';
import type { JobGraph, JobVertex } from '../plan/job-graph.js';
import { subtasksOf } from '../plan/subtasks.js';
import type { SubtaskId } from '../task/deployment.js';

/** How much of a job restarts when a task fails. `individual` is Flink 1.4's; it is taken as `region`. */
export type FailoverStrategy = 'full' | 'region' | 'individual';

/** Subtasks that fail and begin again together, and need nothing of others: records never pass from one region to another. */
export interface Region {
  /** Its position among the regions of the job. */
  readonly id: number;
  readonly subtasks: readonly SubtaskId[];
}

const LOOP_ENDS: ReadonlySet<string> = new Set(['iterationHead', 'iterationTail']);

/**
 * The regions of a job, in the order of the graph. With `full` there is one. Else subtasks are together that
 * - have a channel between them,
 * - read a source whose splits are given out by one enumerator, which runs beside the first of them,
 * - are ends of loops: what flows back does so beside the channels.
 */
export function regionsOf(graph: JobGraph, strategy: FailoverStrategy): readonly Region[] {
  const groups = strategy === 'full' ? [subtasksOf(graph)] : connected(graph);
  return groups.map((subtasks, id) => ({ id, subtasks }));
}

function connected(graph: JobGraph): readonly (readonly SubtaskId[])[] {
  const subtasks = subtasksOf(graph);
  const sets = new DisjointSets(subtasks.length);
  const first = firstOf(graph);
  const vertexOf = new Map(graph.vertices.map((vertex) => [vertex.id, vertex]));
  for (const { partitioning, from, to } of graph.edges) {
    const [producers, consumers] = [vertexOf.get(from)!.parallelism, vertexOf.get(to)!.parallelism];
    for (let producer = 0; producer < producers; producer++) {
      const reached = consumersOf(partitioning, producer, producers, consumers);
      // The channels of the first producer connect all consumers already.
      const enough = reached.length === consumers && producer > 0 ? reached.slice(0, 1) : reached;
      for (const consumer of enough) sets.join(first.get(from)! + producer, first.get(to)! + consumer);
    }
  }
  for (const tied of tiedVertices(graph)) {
    const members = tied.flatMap(({ id, parallelism }) => Array.from({ length: parallelism }, (_, index) => first.get(id)! + index));
    for (const member of members) sets.join(members[0]!, member);
  }
  return sets.groups().map((members) => members.map((member) => subtasks[member]!));
}

/** Vertices all of whose subtasks are together although no channel is between them. */
function tiedVertices({ vertices }: JobGraph): readonly (readonly JobVertex[])[] {
  const loops = vertices.filter(({ operators }) => operators.some(({ kind }) => LOOP_ENDS.has(kind)));
  return [...vertices.filter(({ coordinated }) => coordinated).map((vertex) => [vertex]), loops];
}

/** By vertex: the number of its first subtask among all. */
function firstOf({ vertices }: JobGraph): ReadonlyMap<string, number> {
  let next = 0;
  return new Map(
    vertices.map(({ id, parallelism }) => {
      const first = next;
      next += parallelism;
      return [id, first];
    }),
  );
}

/** Which of the numbers below `size` are together. */
class DisjointSets {
  readonly #parents: number[];

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, index) => index);
  }

  join(left: number, right: number): void {
    const [a, b] = [this.#rootOf(left), this.#rootOf(right)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  /** In the order of their least members; members in theirs. */
  groups(): readonly (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const member of this.#parents.keys()) {
      const root = this.#rootOf(member);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [member]);
      else group.push(member);
    }
    return [...groups.values()];
  }

  #rootOf(member: number): number {
    let root = member;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    for (let at = member; at !== root;) {
      const next = this.#parents[at]!;
      this.#parents[at] = root;
      at = next;
    }
    return root;
  }
}
