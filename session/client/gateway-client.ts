import { randomUUID } from 'node:crypto';
import type { JobId } from '#core';
import {
  type ClusterOverview,
  type CollectedPage,
  type JobGraph,
  type JobManagerGateway,
  type JobResult,
  type JobState,
  type JobStatus,
  type SavepointOptions,
  TERMINAL_JOB_STATES,
} from '#runtime';
import type { Blob, ClusterClient, JobSummary, Operation } from './cluster-client.js';

/** How long a request for collected records waits for some, in ms. */
const COLLECT_WAIT_MS = 10_000;

/** A client of a JobManager in the same process. */
export class GatewayClient implements ClusterClient {
  readonly address = 'local';
  readonly #gateway: JobManagerGateway;
  readonly #close: () => Promise<void>;

  constructor(gateway: JobManagerGateway, close: () => Promise<void>) {
    this.#gateway = gateway;
    this.#close = close;
  }

  overview(): Promise<ClusterOverview> {
    return Promise.resolve(this.#gateway.overview());
  }

  async submit(graph: JobGraph, blobs: readonly Blob[]): Promise<void> {
    for (const { key, text } of blobs) {
      if (!(await this.#gateway.hasBlob(key))) await this.#gateway.putBlob(Buffer.from(text));
    }
    await this.#gateway.submitJob(graph);
  }

  listJobs(): Promise<readonly JobSummary[]> {
    return Promise.resolve(this.#gateway.listJobs().map(summaryOf));
  }

  async job(jobId: JobId): Promise<JobSummary> {
    return await Promise.resolve(summaryOf(this.#gateway.job(jobId)));
  }

  async jobState(jobId: JobId, unlike?: JobState): Promise<JobState> {
    const { state } = this.#gateway.job(jobId);
    if (state !== unlike || TERMINAL_JOB_STATES.includes(state)) return state;
    await this.#gateway.jobResult(jobId);
    return this.#gateway.job(jobId).state;
  }

  async cancelJob(jobId: JobId): Promise<void> {
    await this.#gateway.cancelJob(jobId);
  }

  async triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<Operation<string>> {
    return await Promise.resolve(begun(this.#gateway.triggerSavepoint(jobId, options)));
  }

  async triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<Operation<number>> {
    return await Promise.resolve(begun(this.#gateway.triggerCheckpoint(jobId, options)));
  }

  async disposeSavepoint(path: string): Promise<void> {
    await this.#gateway.disposeSavepoint(path);
  }

  async jobResult(jobId: JobId): Promise<JobResult> {
    return await this.#gateway.jobResult(jobId);
  }

  async collect(jobId: JobId, collectorId: string, token: number): Promise<CollectedPage> {
    return await this.#gateway.collect(jobId, collectorId, token, COLLECT_WAIT_MS);
  }

  async close(): Promise<void> {
    await this.#close();
  }
}

function begun<T>(outcome: Promise<T>): Operation<T> {
  // Whoever does not wait for it does not want to hear of its failure.
  outcome.catch(() => undefined);
  return { triggerId: randomUUID().replaceAll('-', ''), outcome: () => outcome };
}

function summaryOf({ jobId, name, state, startMs, endMs, subtasks, graph, notice }: JobStatus): JobSummary {
  return {
    jobId,
    name,
    state,
    startMs,
    endMs,
    notice,
    tasks: {
      running: subtasks.filter((subtask) => subtask.state === 'RUNNING').length,
      finished: subtasks.filter((subtask) => subtask.state === 'FINISHED').length,
      total: graph.vertices.reduce((total, { parallelism }) => total + parallelism, 0),
    },
  };
}
