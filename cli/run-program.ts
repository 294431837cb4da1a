import { classloaderResolveOrder, type Configuration } from '#conf';
import { bundleProgram, executionDefaults, submitProgram, type SubmittedProgram } from '#session';
import type { ActionContext } from './action.js';
import { programArguments } from './arguments/program-arguments.js';
import { InterruptedError } from './errors.js';
import { JobProgress } from './job-progress.js';
import { type Destination, ProgramClusters } from './program-clusters.js';
import type { Terminal } from './terminal.js';

/** How a program is run. */
export interface ProgramRunPlan {
  readonly destination: Destination;
  readonly configuration: Configuration;
  readonly detached: boolean;
  /** Whether Ctrl-C ends the jobs, as those of a cluster that ends with this client. */
  readonly endsWithClient?: boolean;
  /** The program, when it has been compiled before. */
  readonly program?: SubmittedProgram;
}

/** Compiles the program of a command line. Throws `ProgramFileNotFoundError`, `ProgramCompileError` and the like (user). */
export async function compileProgram({ arguments: parsed, configuration }: ActionContext): Promise<SubmittedProgram> {
  const { file, classpath, entry } = programArguments(parsed);
  return await bundleProgram(file, { classpath, entry, resolveOrder: configuration.get(classloaderResolveOrder) });
}

/** Runs `main` of a program here and its jobs where the plan says, and tells what becomes of them; answers the exit code. */
export async function runProgramOn(context: ActionContext, plan: ProgramRunPlan): Promise<number> {
  const { terminal, arguments: parsed, signal } = context;
  const { destination, configuration, detached } = plan;
  const { args, entry } = programArguments(parsed);
  const quiet = parsed.flag('sysoutLogging');
  const clusters = new ProgramClusters(destination, configuration, terminal, quiet);
  const progress = new JobProgress({ terminal, quiet, detached, follow: destination.kind === 'remote' && !detached });
  try {
    const submission = submitProgram({
      program: plan.program ?? (await compileProgram(context)),
      args,
      entry,
      detached,
      listener: progress,
      defaults: executionDefaults(configuration),
      client: async (target) => await clusters.client(target),
    });
    await orInterrupted(submission, signal);
    if (!detached) await progress.told();
    return 0;
  } catch (error) {
    if (error instanceof InterruptedError) await endInterrupted(clusters, progress, plan, terminal);
    throw error;
  } finally {
    await clusters.close();
  }
}

/** How long stopping may take without a word, ms. */
const STOPPING_UNTOLD_MS = 500;

/** Jobs of this process end with it: what they have printed comes before the word that they are cancelled. */
async function endInterrupted(clusters: ProgramClusters, progress: JobProgress, plan: ProgramRunPlan, terminal: Terminal): Promise<void> {
  if (plan.destination.kind === 'remote') return progress.interrupted(plan.endsWithClient !== true);
  const timer = setTimeout(() => {
    terminal.printError('stopping…');
  }, STOPPING_UNTOLD_MS);
  await clusters.close();
  clearTimeout(timer);
  progress.interrupted(false);
}

async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const interrupt = (): void => {
      reject(new InterruptedError(signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'));
    };
    signal.addEventListener('abort', interrupt, { once: true });
    work.then(resolve, reject);
    if (signal.aborted) interrupt();
  });
}
