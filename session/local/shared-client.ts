import type { JobId } from '#core';
import type { ClusterOverview, CollectedPage, JobGraph, JobResult, JobState, SavepointOptions } from '#runtime';
import { type Blob, type ClusterClient, type JobSummary, LOCAL_ADDRESS, type Operation } from '../client/cluster-client.js';

/** How long an idle cluster is kept for a next job, ms. */
const IDLE_MS = 200;

/**
 * A client that connects when it is first needed, and closes when nothing of it is used any more, so that the process can end:
 * a job counts until its result is there, a collector until it was read to its end.
 */
export class SharedClient implements ClusterClient {
  readonly #collecting = new Set<string>();
  #connected: Promise<ClusterClient> | undefined;
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly connect: () => Promise<ClusterClient>,
    readonly address: string = LOCAL_ADDRESS,
  ) {}

  async submit(graph: JobGraph, blobs: readonly Blob[]): Promise<void> {
    await this.#use(async (client) => {
      await client.submit(graph, blobs);
      this.jobResult(graph.jobId).catch(() => undefined);
    });
  }

  async jobResult(jobId: JobId): Promise<JobResult> {
    return await this.#use(async (client) => await client.jobResult(jobId));
  }

  async collect(jobId: JobId, collectorId: string, token: number): Promise<CollectedPage> {
    const collector = `${jobId} ${collectorId}`;
    if (token === 0) this.#collecting.add(collector);
    return await this.#use(async (client) => {
      const page = await client.collect(jobId, collectorId, token);
      if (page.end) this.#collecting.delete(collector);
      return page;
    });
  }

  async overview(): Promise<ClusterOverview> {
    return await this.#use(async (client) => await client.overview());
  }

  async listJobs(): Promise<readonly JobSummary[]> {
    return await this.#use(async (client) => await client.listJobs());
  }

  async job(jobId: JobId): Promise<JobSummary> {
    return await this.#use(async (client) => await client.job(jobId));
  }

  async jobState(jobId: JobId, unlike?: JobState): Promise<JobState> {
    return await this.#use(async (client) => await client.jobState(jobId, unlike));
  }

  async triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<Operation<string>> {
    return await this.#use(async (client) => await client.triggerSavepoint(jobId, options));
  }

  async triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<Operation<number>> {
    return await this.#use(async (client) => await client.triggerCheckpoint(jobId, options));
  }

  async disposeSavepoint(path: string): Promise<void> {
    await this.#use(async (client) => {
      await client.disposeSavepoint(path);
    });
  }

  async cancelJob(jobId: JobId): Promise<void> {
    await this.#use(async (client) => {
      await client.cancelJob(jobId);
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const connected = this.#connected;
    this.#connected = undefined;
    await (await connected)?.close();
  }

  async #use<T>(work: (client: ClusterClient) => Promise<T>): Promise<T> {
    this.#users++;
    clearTimeout(this.#idle);
    try {
      this.#connected ??= this.connect();
      return await work(await this.#connected);
    } finally {
      this.#users--;
      if (this.#users === 0) {
        this.#idle = setTimeout(() => {
          this.#closeIfIdle();
        }, IDLE_MS);
      }
    }
  }

  #closeIfIdle(): void {
    if (this.#users > 0 || this.#collecting.size > 0) return;
    this.close().catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error));
    });
  }
}
