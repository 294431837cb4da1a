import { type JobId, newJobId } from '#core';
import { type Executor, type JobClient, type StreamGraph, validateEndpoints } from '#api';
import { encodeToBase64, type ProgramReference, toJobGraph } from '#runtime';
import { type ClusterClient, LOCAL_ADDRESS } from '../client/cluster-client.js';
import type { ProgramListener } from './program-listener.js';
import { SubmittedJob } from './submitted-job.js';
import type { SubmittedProgram } from './submitted-program.js';

/** What all jobs of one run of a program have in common. */
export type ProgramConditions = Omit<ProgramReference, 'bundle' | 'executionIndex' | 'onceResults' | 'earlierResults'>;

/** What jobs, and results of `env.once`, a run of a program has made so far; shared by its executors, whatever cluster they submit to. */
export interface ProgramHistory {
  readonly jobs: SubmittedJob[];
  readonly onceResults: string[];
}

export interface SubmittingExecutorOptions {
  readonly program: () => Promise<SubmittedProgram>;
  readonly conditions: ProgramConditions;
  readonly history: ProgramHistory;
  readonly client: ClusterClient;
  readonly detached: boolean;
  readonly listener: ProgramListener;
}

/** Turns every `execute` of a program into a job of a cluster. */
export class SubmittingExecutor implements Executor {
  readonly #options: SubmittingExecutorOptions;

  constructor(options: SubmittingExecutorOptions) {
    this.#options = options;
  }

  async submit(graph: StreamGraph): Promise<JobClient> {
    const { client, history, detached, listener } = this.#options;
    const jobId = newJobId();
    const submission = this.#send(graph, jobId, this.#reference(history.jobs.length));
    const job = new SubmittedJob(jobId, client, detached, submission);
    history.jobs.push(job);
    await submission;
    const started = { jobId, name: graph.name, client };
    listener.jobSubmitted?.(started);
    if (!detached) {
      job.outcome().then(
        (result) => {
          listener.jobFinished?.(started, result);
        },
        () => undefined,
      );
    }
    return job;
  }

  async #send(graph: StreamGraph, jobId: JobId, reference: Omit<ProgramReference, 'bundle'>): Promise<void> {
    const { client, conditions, program } = this.#options;
    await validateEndpoints(graph, conditions.configuration, { inputVisible: client.address === LOCAL_ADDRESS });
    const { text, sha256 } = await program();
    const jobGraph = toJobGraph(graph, jobId, { ...reference, bundle: sha256 });
    await client.submit(jobGraph, [{ key: sha256, text }]);
  }

  async once<T>(effect: () => T | Promise<T>): Promise<T> {
    const { onceResults } = this.#options.history;
    const index = onceResults.push('') - 1;
    const result = await effect();
    onceResults[index] = encodeToBase64(result);
    return result;
  }

  #reference(executionIndex: number): Omit<ProgramReference, 'bundle'> {
    const { conditions, history } = this.#options;
    return {
      ...conditions,
      executionIndex,
      onceResults: [...history.onceResults],
      earlierResults: history.jobs.slice(0, executionIndex).map(({ seen }) => encodeToBase64(seen)),
    };
  }
}
