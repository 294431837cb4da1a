import { type ExecutionDefaults, type ExecutionTarget, type Executor, type ExecutorProvider, installExecutorProvider } from '#api';
import { applyMainConditions, runMain } from '#runtime';
import type { ClusterClient } from '../client/cluster-client.js';
import { JobFailedError } from '../client/errors.js';
import { checkEntry } from './entry.js';
import { NoJobInProgramError, ProgramFailedError } from './errors.js';
import { localiseProgram } from './localised-program.js';
import type { ProgramListener } from './program-listener.js';
import { type ProgramConditions, type ProgramHistory, SubmittingExecutor } from './submitting-executor.js';
import type { SubmittedProgram } from './submitted-program.js';

/** A program and how it is to be run. */
export interface ProgramRun {
  readonly program: SubmittedProgram;
  readonly args: readonly string[];
  /** Exported function to call as `main`; undefined: importing the module runs it. */
  readonly entry: string | undefined;
  readonly defaults: ExecutionDefaults;
  /** Finds the cluster that an environment of the program asks for. */
  readonly client: (target: ExecutionTarget) => Promise<ClusterClient>;
  /** Whether jobs are left alone once they are submitted. */
  readonly detached: boolean;
  readonly listener: ProgramListener;
}

/** How long `main` may go on by itself after its module was loaded, before it counts as one without a job; ms. */
const UNAWAITED_MAIN_MS = 3000;

/**
 * Runs `main` of a program in this process, each call of `execute` becoming a job, and waits for `main` and, unless detached,
 * for its jobs to end.
 *
 * Throws: `NoJobInProgramError`; `ProgramFailedError` with what `main` threw as cause; `JobFailedError`, `JobCancelledError`;
 * what the client throws.
 */
export async function submitProgram(run: ProgramRun): Promise<void> {
  const conditions = conditionsOf(run);
  const history: ProgramHistory = { jobs: [], onceResults: [] };
  const provider = new SubmittingProvider(run, conditions, history);
  installExecutorProvider(provider);
  process.setSourceMapsEnabled(true);
  const localised = await localiseProgram(run.program);
  const undo = applyMainConditions(conditions);
  try {
    await checkEntry(localised.url, run.program.file, run.entry);
    await runMain(localised.url, conditions);
    await provider.settled();
  } catch (error) {
    throw asProgramFailure(run, error);
  } finally {
    undo();
    await localised.remove();
  }
  await allJobsEnded(history);
  if (history.jobs.length === 0) throw new NoJobInProgramError(run.program.file);
}

/** Waits for all jobs, also those that follow them; throws the first failure that the program itself did not hear of. */
async function allJobsEnded({ jobs }: ProgramHistory): Promise<void> {
  let known = -1;
  while (known !== jobs.length) {
    known = jobs.length;
    const outcomes = await Promise.allSettled(jobs.map((job) => job.outcome()));
    await nextTurn();
    outcomes.forEach((outcome, index) => {
      if (outcome.status === 'rejected' && jobs[index]?.observed === false) throw outcome.reason;
    });
  }
}

async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

function conditionsOf({ program, args, entry, defaults }: ProgramRun): ProgramConditions {
  return {
    file: program.file,
    args,
    entry,
    clockStartMs: Date.now(),
    randomSeed: Math.floor(Math.random() * 2 ** 31) + 1,
    environment: chosenEnvironment(),
    defaultParallelism: defaults.parallelism,
    configuration: defaults.configuration,
  };
}

/** Variables that commonly decide what `main` builds. */
function chosenEnvironment(): Readonly<Record<string, string>> {
  const chosen = ['NODE_ENV', 'TZ'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return Object.fromEntries(chosen) as Readonly<Record<string, string>>;
}

/** Errors of ours say themselves what is wrong; what the user's code threw is wrapped, so that it is shown as such. */
function asProgramFailure({ program }: ProgramRun, error: unknown): unknown {
  const ours = error instanceof Error && 'blame' in error && 'action' in error;
  return ours || error instanceof JobFailedError ? error : new ProgramFailedError(program.file, error);
}

/** Gives the program its executors and knows whether it is about to use one. */
class SubmittingProvider implements ExecutorProvider {
  #asked = 0;
  #onAsked: (() => void) | undefined;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly run: ProgramRun,
    private readonly conditions: ProgramConditions,
    private readonly history: ProgramHistory,
  ) {}

  defaults(): ExecutionDefaults {
    return this.run.defaults;
  }

  async executor(target: ExecutionTarget): Promise<Executor> {
    this.#asked++;
    const executor = this.#make(target);
    this.#underWay.add(executor);
    this.#onAsked?.();
    return await executor;
  }

  /** Ends when `main` will submit no more: also one that goes on after its module was loaded. */
  async settled(): Promise<void> {
    if (this.#asked === 0) await this.#untilAskedOrIdle();
    await Promise.allSettled(this.#underWay);
    // The program submits with the executor it was given in this turn.
    await nextTurn();
  }

  async #make(target: ExecutionTarget): Promise<Executor> {
    const { run, conditions, history } = this;
    const client = await run.client(target);
    const { detached, listener } = run;
    return new SubmittingExecutor({ program: () => Promise.resolve(run.program), conditions, history, client, detached, listener });
  }

  async #untilAskedOrIdle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, UNAWAITED_MAIN_MS).unref();
      process.once('beforeExit', () => {
        resolve();
      });
      this.#onAsked = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
