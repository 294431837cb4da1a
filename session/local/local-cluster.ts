import { type JobId, type Logger, silentLogger, systemClock } from '#core';
import { type Configuration, parallelismDefault, taskManagerNumberOfTaskSlots } from '#conf';
import type { ClusterOverview, CollectedPage, JobGraph, JobManagerGateway, JobResult, JobState, SavepointOptions } from '#runtime';
import { type Blob, type ClusterClient, type JobSummary, LOCAL_ADDRESS, type Operation } from '../client/cluster-client.js';
import { GatewayClient } from '../client/gateway-client.js';
import { LocalCell } from './local-cell.js';
import type { LocalClusterOptions } from './start-local-cluster.js';

/**
 * A cluster in this process. As in Flink, a job gets as many slots as it needs: it is given to a cell that has them free,
 * or to a new one.
 */
export class LocalCluster implements ClusterClient {
  readonly address = LOCAL_ADDRESS;
  readonly #options: LocalClusterOptions;
  readonly #logger: Logger;
  readonly #cells: LocalCell[] = [];
  readonly #cellOf = new Map<JobId, LocalCell>();
  readonly #closers: (() => Promise<void>)[] = [];

  private constructor(options: LocalClusterOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Starts the first cell, and the web when it is asked for. */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const cluster = new LocalCluster(options, silentLogger);
    const cell = await cluster.#addCell(0);
    if (options.web) await cluster.#startWeb(cell.jobManager);
    return cluster;
  }

  async submit(graph: JobGraph, blobs: readonly Blob[]): Promise<void> {
    const required = slotsOf(graph);
    const cell = this.#cells.find(({ freeSlots }) => freeSlots >= required) ?? (await this.#addCell(required));
    this.#cellOf.set(graph.jobId, cell);
    await clientOf(cell).submit(graph, blobs);
  }

  async overview(): Promise<ClusterOverview> {
    const all = await Promise.all(this.#cells.map(async (cell) => await clientOf(cell).overview()));
    const sum = (value: (overview: ClusterOverview) => number): number => all.reduce((total, overview) => total + value(overview), 0);
    return {
      taskManagers: sum(({ taskManagers }) => taskManagers),
      slotsTotal: sum(({ slotsTotal }) => slotsTotal),
      slotsAvailable: sum(({ slotsAvailable }) => slotsAvailable),
      jobsRunning: sum(({ jobsRunning }) => jobsRunning),
      jobsFinished: sum(({ jobsFinished }) => jobsFinished),
      jobsCancelled: sum(({ jobsCancelled }) => jobsCancelled),
      jobsFailed: sum(({ jobsFailed }) => jobsFailed),
      messages: all.flatMap(({ messages }) => messages),
    };
  }

  async listJobs(): Promise<readonly JobSummary[]> {
    return (await Promise.all(this.#cells.map(async (cell) => await clientOf(cell).listJobs()))).flat();
  }

  async job(jobId: JobId): Promise<JobSummary> {
    return await this.#client(jobId).job(jobId);
  }

  async jobState(jobId: JobId, unlike?: JobState): Promise<JobState> {
    return await this.#client(jobId).jobState(jobId, unlike);
  }

  async cancelJob(jobId: JobId): Promise<void> {
    await this.#client(jobId).cancelJob(jobId);
  }

  async triggerSavepoint(jobId: JobId, options: SavepointOptions): Promise<Operation<string>> {
    return await this.#client(jobId).triggerSavepoint(jobId, options);
  }

  async triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<Operation<number>> {
    return await this.#client(jobId).triggerCheckpoint(jobId, options);
  }

  async disposeSavepoint(path: string): Promise<void> {
    await clientOf(this.#cells[0] as LocalCell).disposeSavepoint(path);
  }

  async jobResult(jobId: JobId): Promise<JobResult> {
    return await this.#client(jobId).jobResult(jobId);
  }

  async collect(jobId: JobId, collectorId: string, token: number): Promise<CollectedPage> {
    return await this.#client(jobId).collect(jobId, collectorId, token);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  /** The client of the cell that has the job; for a job that none has, the first, which says so. */
  #client(jobId: JobId): ClusterClient {
    const cell = this.#cellOf.get(jobId) ?? this.#cells[0];
    return clientOf(cell as LocalCell);
  }

  async #addCell(required: number): Promise<LocalCell> {
    const { configuration, print } = this.#options;
    const slots = Math.max(required, slotsAtLeast(configuration));
    const cell = await LocalCell.start({ configuration, slots, print, logger: this.#logger });
    this.#cells.push(cell);
    this.#closers.push(async () => {
      await cell.close();
    });
    return cell;
  }

  async #startWeb(gateway: JobManagerGateway): Promise<void> {
    const { configuration, onWebStarted } = this.#options;
    const { startWebServer, webBinding } = await import('#web');
    const server = await startWebServer(
      {
        gateway,
        configuration,
        clock: systemClock,
        logger: this.#logger,
        logPath: undefined,
        onShutDown: () => {
          void this.close();
        },
      },
      webBinding(configuration) ?? { host: 'localhost', ports: [{ first: 0, last: 0 }] },
    );
    this.#closers.push(async () => {
      await server.close();
    });
    onWebStarted(`http://${server.host}:${server.port}`);
  }
}

function clientOf({ jobManager }: LocalCell): ClusterClient {
  return new GatewayClient(jobManager, () => Promise.resolve());
}

function slotsAtLeast(configuration: Configuration): number {
  return Math.max(configuration.get(taskManagerNumberOfTaskSlots), configuration.get(parallelismDefault));
}

/** The slots a job takes: for each slot sharing group as many as its widest vertex has subtasks. */
function slotsOf(graph: JobGraph): number {
  const widest = new Map<string, number>();
  for (const { slotSharingGroup, parallelism } of graph.vertices) {
    widest.set(slotSharingGroup, Math.max(widest.get(slotSharingGroup) ?? 0, parallelism));
  }
  return [...widest.values()].reduce((total, width) => total + width, 0);
}
