import { type BlobKey, newJobId } from '#core';
import { installExecutorProvider, type Executor, type JobClient, type StreamGraph } from '#api';
import type { ProgramReference } from '../../runtime/plan/job-graph.js';
import type { Main } from '../../runtime/harness/job/graph-of-main.js';
import { LiveProgram } from '../../runtime/harness/job/live-program.js';
import { encodeToBase64 } from '../../runtime/plan/plain-values.js';
import { toJobGraph } from '../../runtime/plan/to-job-graph.js';
import { applyMainConditions } from '../../runtime/program/determinism.js';
import { runMain } from '../../runtime/program/replay.js';
import { JobRun, type JobRunOptions } from './job-run.js';

export interface RunProgramOptions extends JobRunOptions {
  readonly parallelism?: number;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly entry?: string;
  /** What the job is submitted with; by default that of the cluster. */
  readonly jobConfiguration?: Readonly<Record<string, string>>;
  /** Called with each job as soon as it is deployed. */
  readonly onJob?: (run: JobRun) => void;
}

/** Runs a program, given as a function or by the URL of its file, with all its jobs; answers the jobs. Throws what the program throws. */
export async function runProgram(program: Main | string, options: RunProgramOptions = {}): Promise<readonly JobRun[]> {
  const url = typeof program === 'string' ? program : new LiveProgram(program).url;
  const submissions = new Submissions(url, options);
  const undo = applyMainConditions(submissions.conditions);
  submissions.install();
  try {
    await runMain(`${url}#submission`, submissions.conditions);
  } finally {
    undo();
  }
  return submissions.runs;
}

/** As {@link runProgram}, for programs of one job. */
export async function runJob(program: Main | string, options: RunProgramOptions = {}): Promise<JobRun> {
  const [run] = await runProgram(program, options);
  if (run === undefined) throw new TypeError('the program has run no job');
  return run;
}

/** Stands where a client and a cluster stand: takes a program's graphs and runs them. */
class Submissions implements Executor {
  readonly runs: JobRun[] = [];
  readonly #onceResults: string[] = [];
  readonly #earlierResults: string[] = [];
  readonly conditions;

  constructor(
    private readonly url: string,
    private readonly options: RunProgramOptions,
  ) {
    this.conditions = {
      file: 'test-program.ts',
      args: options.args ?? [],
      entry: options.entry,
      clockStartMs: 1_700_000_000_000,
      randomSeed: 42,
      environment: options.environment ?? {},
      defaultParallelism: options.parallelism ?? 1,
      configuration: options.jobConfiguration ?? options.configuration ?? {},
    };
  }

  install(): void {
    const { defaultParallelism, configuration } = this.conditions;
    installExecutorProvider({
      defaults: () => ({ parallelism: defaultParallelism, configuration }),
      executor: () => Promise.resolve(this),
    });
  }

  submit(graph: StreamGraph): Promise<JobClient> {
    const run = new JobRun(toJobGraph(graph, newJobId(), this.#reference()), this.url, this.options);
    this.runs.push(run);
    this.options.onJob?.(run);
    const result = this.#finished(run);
    result.catch(() => undefined);
    return Promise.resolve({
      jobId: run.job.jobId,
      status: () => Promise.resolve('RUNNING'),
      cancel: () => {
        run.cancel();
        return result.then(() => undefined);
      },
      result: () => result,
      collect: (collectorId) => collectedOf(run, collectorId, result),
    });
  }

  async once<T>(effect: () => T | Promise<T>): Promise<T> {
    const answer = await effect();
    this.#onceResults.push(encodeToBase64(answer));
    return answer;
  }

  async #finished(run: JobRun): ReturnType<JobClient['result']> {
    const result = await run.result();
    this.install(); // replays in this thread have installed their own
    this.#earlierResults.push(encodeToBase64({ result, collected: Object.fromEntries(run.collected) }));
    return result;
  }

  #reference(): ProgramReference {
    return {
      ...this.conditions,
      bundle: 'no-bundle' as BlobKey,
      executionIndex: this.runs.length,
      onceResults: [...this.#onceResults],
      earlierResults: [...this.#earlierResults],
    };
  }
}

async function* collectedOf(run: JobRun, collectorId: string, result: Promise<unknown>): AsyncIterable<unknown> {
  await result;
  yield* run.collected.get(collectorId) ?? [];
}
