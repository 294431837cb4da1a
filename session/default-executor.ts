import { availableParallelism } from 'node:os';
import { SeededRandom } from '#core';
import { type ExecutionDefaults, type ExecutionTarget, type Executor, executorProvider, installExecutorProvider } from '#api';

/** What a program that node runs by itself has in common with its replays. */
export interface SelfRunConditions {
  readonly startMs: number;
  readonly randomSeed: number;
  defaults(target: ExecutionTarget): ExecutionDefaults;
}

/**
 * Lets a program that is run by node itself (`node job.js`) find a cluster: one in this process, or the remote one that it names.
 * Does nothing where the command line or a slot has installed its own way. Loads nothing else before the program asks.
 * Chance is seeded from here on, so that replays of the program draw the same numbers.
 */
export function installDefaultExecutor(): void {
  if (executorProvider()) return;
  const conditions: SelfRunConditions = { startMs: Date.now(), randomSeed: Math.floor(Math.random() * 2 ** 31) + 1, defaults };
  const random = new SeededRandom(conditions.randomSeed);
  Math.random = () => random.next();
  let program: Promise<{ executor(target: ExecutionTarget): Promise<Executor> }> | undefined;
  installExecutorProvider({
    defaults,
    executor: async (target) => {
      program ??= import('./local/self-run-program.js').then(({ SelfRunProgram }) => new SelfRunProgram(conditions));
      return await (await program).executor(target);
    },
  });
}

/** As in Flink, a program run without a cluster uses all cores. */
function defaults(target: ExecutionTarget): ExecutionDefaults {
  return { parallelism: availableParallelism(), configuration: target.kind === 'local' ? target.configuration : {} };
}
