import { invariant } from '#core';
import type { OperatorSpec, StreamNode } from '#api';
import { Configuration, iterationsFeedbackMemory, taskManagerTmpDirs } from '#conf';
import type { JobGraph } from '../plan/job-graph.js';
import type { OperatorEvent } from '../task/deployment.js';
import { FeedbackLoop } from './feedback-loop.js';
import { FeedbackQueue } from './feedback-queue.js';

/** Whether an operator is an end of a loop. */
export function isIterationEnd(spec: OperatorSpec): spec is Extract<OperatorSpec, { kind: 'iterationHead' | 'iterationTail' }> {
  return spec.kind === 'iterationHead' || spec.kind === 'iterationTail';
}

/** The loops that go through one slot: their heads and their tails are there together. */
export class FeedbackLoops {
  readonly #loops = new Map<string, FeedbackLoop>();

  constructor(private readonly send: (event: OperatorEvent) => void) {}

  /** The loop with this head in one subtask: the same for the head and for its tails. */
  of(job: JobGraph, head: StreamNode, subtaskIndex: number, configuration: Readonly<Record<string, string>>): FeedbackLoop {
    const name = nameOf(head.id, subtaskIndex);
    let loop = this.#loops.get(name);
    if (loop === undefined) {
      const vertex = job.vertices.find(({ operators }) => operators.some(({ nodeId }) => nodeId === head.id));
      invariant(vertex !== undefined, 'the head of a loop is in the job');
      const place = { vertexId: vertex.id, nodeId: head.id, subtaskIndex, parallelism: vertex.parallelism };
      loop = new FeedbackLoop(newQueue(head, subtaskIndex, Configuration.of(configuration)), place, this.send);
      this.#loops.set(name, loop);
    }
    return loop;
  }

  /** Whether the head that the event is for is here. */
  has({ nodeId, to }: OperatorEvent): boolean {
    return typeof to === 'number' && this.#loops.has(nameOf(nodeId, to));
  }

  /** Answers whether the event was one between heads. */
  receive(event: OperatorEvent): boolean {
    const loop = typeof event.to === 'number' ? this.#loops.get(nameOf(event.nodeId, event.to)) : undefined;
    loop?.receive(event);
    return loop !== undefined;
  }
}

function nameOf(headId: number, subtaskIndex: number): string {
  return `${headId}/${subtaskIndex}`;
}

function newQueue({ spec, outputType }: StreamNode, subtaskIndex: number, configuration: Configuration): FeedbackQueue {
  const apart = spec.kind === 'iterationHead' && spec.feedbackTag !== undefined;
  const directories = configuration.get(taskManagerTmpDirs);
  return new FeedbackQueue({
    type: apart ? spec.feedbackType : outputType,
    memoryBytes: configuration.get(iterationsFeedbackMemory),
    directory: directories[subtaskIndex % directories.length]!,
  });
}
