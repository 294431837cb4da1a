import { executorProvider, installExecutorProvider, type JobClient, type StreamGraph } from '#api';
import type { ProgramReference } from '../../plan/job-graph.js';
import { applyMainConditions } from '../../program/determinism.js';

/** The `main` of a program, as a function of the test: its closures are live in every replay within this thread. */
export type Main = () => Promise<unknown>;

/** Runs a program up to its `execute`, and leaves it there, as in a slot. Throws what it throws before. */
export async function graphOfMain(main: Main, reference: ProgramReference): Promise<StreamGraph> {
  const { defaultParallelism, configuration } = reference;
  const before = executorProvider();
  const undo = applyMainConditions(reference);
  try {
    return await new Promise<StreamGraph>((found, failed) => {
      const executor = { submit: (graph: StreamGraph) => (found(graph), endless<JobClient>()), once: unsupported };
      installExecutorProvider({
        defaults: () => ({ parallelism: defaultParallelism, configuration }),
        executor: () => Promise.resolve(executor),
      });
      main().catch(failed);
    });
  } finally {
    undo();
    installExecutorProvider(before);
  }
}

function endless<T>(): Promise<T> {
  return new Promise<T>(() => {
    // the program stays at this call
  });
}

function unsupported<T>(): Promise<T> {
  return Promise.reject(new TypeError('"env.once" is not for programs of the job harness: do it before'));
}
