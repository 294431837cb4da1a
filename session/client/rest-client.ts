import { setTimeout as waited } from 'node:timers/promises';
import type { JobId } from '#core';
import {
  type ClusterOverview,
  type CollectedPage,
  decodeFromBase64,
  type JobGraph,
  type JobResult,
  type JobState,
  RemoteError,
  type SavepointOptions,
} from '#runtime';
import {
  decodePage,
  END_HEADER,
  type ExecutionResultView,
  type FailureCause,
  type JobDetailsView,
  type JobOverviewView,
  NEXT_TOKEN_HEADER,
  type OperationView,
} from '#web';
import type { Blob, ClusterClient, JobSummary, Operation } from './cluster-client.js';
import { UnexpectedResponseError } from './errors.js';
import type { HostAndPort } from './http-exchange.js';
import { encodeForm, type FormPart } from './multipart.js';
import { RestConnection } from './rest-connection.js';

/** How long an answer may be held back by the server; a lost JobManager is noticed soon after. */
const WAIT_MS = 3000;

/** How often the outcome of an operation is asked for. */
const ASK_EVERY_MS = 100;

const STATE_OF_RESULT = { SUCCEEDED: 'FINISHED', CANCELED: 'CANCELED', FAILED: 'FAILED' } as const;

/** A client of a cluster over its REST interface. */
export class RestClient implements ClusterClient {
  readonly address: string;
  readonly #connection: RestConnection;

  constructor(target: HostAndPort) {
    this.#connection = new RestConnection(target);
    this.address = this.#connection.address;
  }

  async overview(): Promise<ClusterOverview> {
    const overview = await this.#connection.getJson<Readonly<Record<string, unknown>>>('/overview');
    const number = (key: string): number => Number(overview[key] ?? 0);
    return {
      taskManagers: number('taskmanagers'),
      slotsTotal: number('slots-total'),
      slotsAvailable: number('slots-available'),
      jobsRunning: number('jobs-running'),
      jobsFinished: number('jobs-finished'),
      jobsCancelled: number('jobs-cancelled'),
      jobsFailed: number('jobs-failed'),
      messages: (overview['messages'] ?? []) as readonly string[],
    };
  }

  async submit(graph: JobGraph, blobs: readonly Blob[]): Promise<void> {
    const missing = await this.#missing(blobs);
    const request = { jobGraphFileName: 'job-graph.json', jobJarFileNames: missing.map(({ key }) => key), jobArtifactFileNames: [] };
    const form = encodeForm([
      { name: 'request', type: 'application/json', content: JSON.stringify(request) },
      { name: 'file_0', fileName: request.jobGraphFileName, type: 'application/json', content: JSON.stringify(graph) },
      ...missing.map(({ key, text }, index): FormPart => ({
        name: `file_${index + 1}`,
        fileName: key,
        type: 'text/javascript',
        content: text,
      })),
    ]);
    await this.#connection.send({ method: 'POST', path: '/jobs', headers: { 'content-type': form.type }, body: form.body });
  }

  async listJobs(): Promise<readonly JobSummary[]> {
    const { jobs } = await this.#connection.getJson<{ jobs: readonly JobOverviewView[] }>('/jobs/overview');
    return jobs.map((job) => ({ ...commonOf(job), tasks: tasksOf(job.tasks) }));
  }

  async job(jobId: JobId): Promise<JobSummary> {
    const job = await this.#connection.getJson<JobDetailsView>(`/jobs/${jobId}`);
    const sum = (state: 'RUNNING' | 'FINISHED'): number => job.vertices.reduce((total, { tasks }) => total + tasks[state], 0);
    const total = job.vertices.reduce((all, { parallelism }) => all + parallelism, 0);
    return { ...commonOf(job), notice: job.notice, tasks: { running: sum('RUNNING'), finished: sum('FINISHED'), total } };
  }

  async jobState(jobId: JobId, unlike?: JobState): Promise<JobState> {
    const query = unlike === undefined ? '' : `?unlike=${unlike}&wait=${WAIT_MS}`;
    return (await this.#connection.getJson<{ status: JobState }>(`/jobs/${jobId}/status${query}`)).status;
  }

  async cancelJob(jobId: JobId): Promise<void> {
    await this.#connection.send({ method: 'PATCH', path: `/jobs/${jobId}?mode=cancel` });
  }

  async triggerSavepoint(jobId: JobId, { targetDirectory, then }: SavepointOptions): Promise<Operation<string>> {
    const stopping = then === 'suspend' || then === 'drain';
    const body = stopping
      ? { targetDirectory, drain: then === 'drain', formatType: 'CANONICAL' }
      : { 'target-directory': targetDirectory, 'cancel-job': then === 'cancel', formatType: 'CANONICAL' };
    const triggerId = await this.#begin(`/jobs/${jobId}/${stopping ? 'stop' : 'savepoints'}`, body);
    return { triggerId, outcome: async () => String((await this.#outcome(`/jobs/${jobId}/savepoints/${triggerId}`))['location']) };
  }

  async triggerCheckpoint(jobId: JobId, { full }: { readonly full: boolean }): Promise<Operation<number>> {
    const triggerId = await this.#begin(`/jobs/${jobId}/checkpoints`, { checkpointType: full ? 'FULL' : 'CONFIGURED' });
    return { triggerId, outcome: async () => Number((await this.#outcome(`/jobs/${jobId}/checkpoints/${triggerId}`))['checkpointId']) };
  }

  async disposeSavepoint(path: string): Promise<void> {
    const triggerId = await this.#begin('/savepoint-disposal', { 'savepoint-path': path });
    await this.#outcome(`/savepoint-disposal/${triggerId}`);
  }

  async #begin(path: string, body: unknown): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const { body: answer } = await this.#connection.send({ method: 'POST', path, headers, body: Buffer.from(JSON.stringify(body)) });
    return (JSON.parse(answer.toString('utf8')) as { readonly 'request-id': string })['request-id'];
  }

  /** Asks until the operation has ended. */
  async #outcome(path: string): Promise<Readonly<Record<string, unknown>>> {
    while (true) {
      const { status, operation } = await this.#connection.getJson<OperationView>(path);
      if (status.id === 'COMPLETED') return succeeded(operation ?? {});
      await waited(ASK_EVERY_MS);
    }
  }

  async jobResult(jobId: JobId): Promise<JobResult> {
    while (true) {
      const view = await this.#connection.follow<ExecutionResultView>(jobId, `/jobs/${jobId}/execution-result?wait=${WAIT_MS}`);
      const result = view['job-execution-result'];
      if (result) return resultOf(jobId, result);
    }
  }

  async collect(jobId: JobId, collectorId: string, token: number): Promise<CollectedPage> {
    const path = `/jobs/${jobId}/collectors/${encodeURIComponent(collectorId)}?token=${token}&wait=${WAIT_MS}`;
    const { headers, body } = await this.#connection.following(jobId, path);
    const nextToken = Number(headers[NEXT_TOKEN_HEADER]);
    if (!Number.isInteger(nextToken)) throw new UnexpectedResponseError(this.address, path, 'no page of collected records');
    return { batches: decodePage(body), nextToken, end: headers[END_HEADER] === 'true' };
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #missing(blobs: readonly Blob[]): Promise<readonly Blob[]> {
    const known = await Promise.all(blobs.map(async ({ key }) => await this.#connection.exists(`/blobs/${key}`)));
    return blobs.filter((_, index) => known[index] === false);
  }
}

/** What an operation answered. Throws why it failed. */
function succeeded(operation: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const cause = (operation['failure-cause'] ?? operation['failureCause']) as FailureCause | undefined;
  if (cause) throw new RemoteError(cause.error);
  return operation;
}

function commonOf(job: JobOverviewView | JobDetailsView): Omit<JobSummary, 'tasks'> {
  return { jobId: job.jid as JobId, name: job.name, state: job.state, startMs: job['start-time'], endMs: job['end-time'] };
}

function tasksOf(tasks: Readonly<Record<string, number>>): JobSummary['tasks'] {
  return { running: tasks['running'] ?? 0, finished: tasks['finished'] ?? 0, total: tasks['total'] ?? 0 };
}

function resultOf(jobId: JobId, result: NonNullable<ExecutionResultView['job-execution-result']>): JobResult {
  const accumulators = Object.entries(result['accumulator-results']).map(([name, value]) => [name, decodeFromBase64(value)]);
  return {
    jobId,
    state: STATE_OF_RESULT[result['application-status']],
    netRuntimeMs: result['net-runtime'],
    accumulators: Object.fromEntries(accumulators) as Readonly<Record<string, unknown>>,
    failure: result['failure-cause']?.error,
  };
}
