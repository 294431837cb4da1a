import { newJobId } from '#core';
import { installExecutorProvider, type StreamGraph } from '#api';
import type { JobGraph, ProgramReference } from '../../runtime/plan/job-graph.js';
import { toJobGraph } from '../../runtime/plan/to-job-graph.js';
import { applyMainConditions } from '../../runtime/program/determinism.js';
import type { Main } from '../support/live-program.js';
import { programReference } from '../support/program-reference.js';

/** The job graph of a program of one job, as a client makes it. */
export async function graphOf(main: Main, fields: Partial<ProgramReference>): Promise<JobGraph> {
  const program = programReference(fields);
  const undo = applyMainConditions(program);
  try {
    const graph = await executed(main, program);
    return toJobGraph(graph, newJobId(), program);
  } finally {
    undo();
  }
}

/** Ends when `main` executes, and leaves it there. */
function executed(main: Main, { defaultParallelism, configuration }: ProgramReference): Promise<StreamGraph> {
  return new Promise((found, failed) => {
    installExecutorProvider({
      defaults: () => ({ parallelism: defaultParallelism, configuration }),
      executor: () =>
        Promise.resolve({
          submit: (graph) => {
            found(graph);
            return new Promise(() => {
              /* the program stays at this call */
            });
          },
          once: () => Promise.reject(new TypeError('programs of simulations have no effects')),
        }),
    });
    main().catch(failed);
  });
}
