import { type ExecutionPlan, executionPlan, type Executor, installExecutorProvider, type JobClient, type StreamGraph } from '#api';
import { applyMainConditions, runMain } from '#runtime';
import { checkEntry } from './entry.js';
import { NoJobInProgramError, ProgramFailedError } from './errors.js';
import { localiseProgram } from './localised-program.js';
import type { ProgramRun } from './submit-program.js';

/**
 * Runs `main` up to its first call of `execute` and answers the plan of that job; nothing is submitted.
 * Throws: `NoJobInProgramError`, `ProgramFailedError`.
 */
export async function planProgram(run: Pick<ProgramRun, 'program' | 'args' | 'entry' | 'defaults'>): Promise<ExecutionPlan> {
  const { program, args, entry, defaults } = run;
  process.setSourceMapsEnabled(true);
  const localised = await localiseProgram(program);
  const undo = applyMainConditions({ file: program.file, args, clockStartMs: Date.now(), randomSeed: 1, environment: {} });
  try {
    await checkEntry(localised.url, program.file, entry);
    return executionPlan(
      await new Promise<StreamGraph>((found, failed) => {
        installExecutorProvider({ defaults: () => defaults, executor: () => Promise.resolve(new PlanningExecutor(found)) });
        runMain(localised.url, { file: program.file, entry }).then(
          () => {
            failed(new NoJobInProgramError(program.file));
          },
          (error: unknown) => {
            failed(new ProgramFailedError(program.file, error));
          },
        );
      }),
    );
  } finally {
    undo();
    await localised.remove();
  }
}

/** Holds the program at its first job. */
class PlanningExecutor implements Executor {
  readonly #found: (graph: StreamGraph) => void;

  constructor(found: (graph: StreamGraph) => void) {
    this.#found = found;
  }

  submit(graph: StreamGraph): Promise<JobClient> {
    this.#found(graph);
    return new Promise(() => {
      /* the program stays at this call until the command ends */
    });
  }

  async once<T>(effect: () => T | Promise<T>): Promise<T> {
    return await effect();
  }
}
