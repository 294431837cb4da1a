import type { JobClient, JobExecutionResult } from '#api';
import type { JobId } from '#core';
import { decodePlain, type EarlierResult, type JobResult } from '#runtime';
import type { ClusterClient } from '../client/cluster-client.js';
import { JobCancelledError, JobFailedError } from '../client/errors.js';
import { DetachedJobError } from './errors.js';

/** A job as the program sees it that started it. Remembers what it gave, for replays of the jobs that follow. */
export class SubmittedJob implements JobClient {
  readonly jobId: JobId;
  readonly #client: ClusterClient;
  readonly #detached: boolean;
  readonly #submission: Promise<void>;
  readonly #collected: Record<string, unknown[]> = {};
  #outcome: Promise<JobExecutionResult> | undefined;
  #ended: JobExecutionResult | undefined;
  #observed = false;

  /** `submission` ends when the cluster has taken the job, or refused it. */
  constructor(jobId: JobId, client: ClusterClient, detached: boolean, submission: Promise<void>) {
    this.jobId = jobId;
    this.#client = client;
    this.#detached = detached;
    this.#submission = submission;
    submission.catch(() => {
      this.#observed = true;
    });
  }

  /** Whether the program itself asked how the job ended, or was told so when it could not be submitted. */
  get observed(): boolean {
    return this.#observed;
  }

  async status(): Promise<string> {
    return await this.#client.jobState(this.jobId);
  }

  async cancel(): Promise<void> {
    await this.#client.cancelJob(this.jobId);
  }

  result(): Promise<JobExecutionResult> {
    this.#observed = true;
    return this.outcome();
  }

  /** As {@link result}, for those around the program. */
  outcome(): Promise<JobExecutionResult> {
    this.#outcome ??= this.#detached ? this.#taken() : this.#waitForResult();
    return this.#outcome;
  }

  async *collect(collectorId: string): AsyncIterable<unknown> {
    if (this.#detached) throw new DetachedJobError('collected records');
    const seen = (this.#collected[collectorId] ??= []);
    let token = 0;
    let end = false;
    while (!end) {
      const page = await this.#client.collect(this.jobId, collectorId, token);
      for (const batch of page.batches) {
        const records = decodePlain(batch) as readonly unknown[];
        for (const record of records) {
          seen.push(record);
          yield record;
        }
      }
      token = page.nextToken;
      end = page.end;
    }
  }

  /** What the program has seen of this job so far; a replay is given the same. */
  get seen(): EarlierResult {
    const result = this.#ended ?? { jobId: this.jobId, netRuntimeMs: 0, accumulators: {} };
    return { result: { ...result, accumulators: { ...result.accumulators } }, collected: this.#collected };
  }

  async #taken(): Promise<JobExecutionResult> {
    await this.#submission;
    return detachedResult(this.jobId);
  }

  async #waitForResult(): Promise<JobExecutionResult> {
    await this.#submission;
    this.#ended = toExecutionResult(await this.#client.jobResult(this.jobId));
    return this.#ended;
  }
}

function toExecutionResult(result: JobResult): JobExecutionResult {
  if (result.state === 'FAILED') throw new JobFailedError(result.jobId, result.failure);
  if (result.state === 'CANCELED') throw new JobCancelledError(result.jobId);
  return { jobId: result.jobId, netRuntimeMs: result.netRuntimeMs, accumulators: result.accumulators };
}

function detachedResult(jobId: JobId): JobExecutionResult {
  return {
    jobId,
    get netRuntimeMs(): number {
      throw new DetachedJobError('runtime');
    },
    get accumulators(): never {
      throw new DetachedJobError('accumulators');
    },
  };
}
