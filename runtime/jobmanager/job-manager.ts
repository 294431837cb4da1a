import { randomUUID } from 'node:crypto';
import type { BlobKey, Clock, FileSystems, JobId, Logger, Random, TaskManagerId } from '#core';
import { type Configuration, fsDefaultScheme } from '#conf';
import type { BlobStore } from '../blob/blob-store.js';
import type { ControlConnection } from '../control/control-connection.js';
import type { AttemptEnded, BlobChunk, CommandSlot, ControlMessage, DeployJob, FetchBlob, JobEnded, SlotRun } from '../control/messages.js';
import { disposeSavepoint } from '../checkpoint/dispose-savepoint.js';
import type { JobCheckpoints } from '../checkpoint/job-checkpoints.js';
import type { JobGraph } from '../plan/job-graph.js';
import type { ExecutionPlace } from '../schedule/execution.js';
import { deleteScratch } from '../schedule/output-files.js';
import type { ChosenSlot } from '../schedule/spread-out.js';
import { SlotPool } from '../schedule/slot-pool.js';
import { BlobMissingError } from '../blob/errors.js';
import { checkGraph } from './check-graph.js';
import {
  DuplicateJobError,
  JobAlreadyEndedError,
  JobManagerShutDownError,
  JobNotFoundError,
  NoCheckpointsError,
  TaskManagerLostError,
} from './errors.js';
import { JobMaster } from './job-master.js';
import type { WantedSlot } from './job-services.js';
import type {
  ClusterOverview,
  CollectedPage,
  JobCheckpointsStatus,
  JobManagerGateway,
  JobResult,
  JobStatus,
  SavepointOptions,
  TaskManagerStatus,
} from './job-manager-gateway.js';
import type { JobManagerSettings } from './job-manager-settings.js';
import { JobLostError, type LostJob } from './lost-jobs.js';
import { clusterOverview, taskManagerStatus } from './overview.js';
import type { RegisteredTaskManager } from './registered-task-manager.js';
import type { FinalStatus, ResourceManagerDriver, SlotDemand } from './resource-manager-driver.js';
import { TaskManagerRegistry } from './task-manager-registry.js';

export interface JobManagerOptions {
  readonly settings: JobManagerSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: FileSystems;
  /** Belongs to the JobManager from now on: it is removed at the end. */
  readonly blobs: Pick<BlobStore, 'put' | 'has' | 'hold' | 'letGo' | 'read' | 'sizeOf' | 'neighbourLost' | 'close'>;
  readonly driver: ResourceManagerDriver;
  /** The cluster's: for what jobs say nothing of. */
  readonly configuration: Configuration;
  readonly random: Random;
  /** Those of a JobManager before this one. */
  readonly lostJobs?: readonly LostJob[];
  /** The driver cannot go on: whoever runs the JobManager has to end it. */
  readonly onFatal?: (error: Error) => void;
  readonly onJobAccepted?: (jobId: JobId, name: string) => void;
  /** A job has ended, in whatever state. */
  readonly onJobEnded?: (result: JobResult) => void;
}

export interface ShutDownOptions {
  readonly stopWorkers: boolean;
  /** Why the cluster counts as failed, whatever became of its jobs. */
  readonly failure?: string | undefined;
}

/** Bytes of a blob sent at once. */
const BLOB_CHUNK_BYTES = 1 << 18;

/** Takes jobs, gives them slots of its TaskManagers, and runs them to their end. */
export class JobManager implements JobManagerGateway {
  readonly id = randomUUID();
  readonly #jobs = new Map<JobId, JobMaster>();
  readonly #pool = new SlotPool();
  readonly #registry: TaskManagerRegistry;
  #shutDown: Promise<void> | undefined;
  #demandToldLater = false;

  private constructor(private readonly options: JobManagerOptions) {
    const { settings, clock, logger } = options;
    this.#registry = new TaskManagerRegistry(
      { jobManagerId: this.id, ...settings },
      {
        onRegistered: (taskManager) => {
          this.#onRegistered(taskManager);
        },
        onLost: (taskManager, error) => {
          this.#onLost(taskManager, error);
        },
        accepts: (id) => options.driver.accepts(id),
        onBrokeOff: (taskManager) => this.#onBrokeOff(taskManager),
        onMessage: (taskManager, message) => {
          this.#onMessage(taskManager.description.taskManagerId, message);
        },
        onFetchBlob: (request) => this.#onFetchBlob(request),
      },
      clock,
      logger,
    );
  }

  static async start(options: JobManagerOptions): Promise<JobManager> {
    const jobManager = new JobManager(options);
    await options.driver.start({
      onWorkerLost: (id, reason) => {
        jobManager.#registry.lost(id, reason);
      },
      releaseIdle: (id, reason) => jobManager.#releaseIdle(id, reason),
      onFatal: options.onFatal ?? (() => {}),
    });
    return jobManager;
  }

  /** A connection of a TaskManager that wants to register. */
  accept(connection: ControlConnection): void {
    if (this.#shutDown) connection.close('the JobManager is shutting down');
    else this.#registry.accept(connection);
  }

  async putBlob(bytes: Uint8Array): Promise<BlobKey> {
    return await this.options.blobs.put(bytes);
  }

  hasBlob(key: BlobKey): Promise<boolean> {
    return Promise.resolve(this.options.blobs.has(key));
  }

  submitJob(graph: JobGraph): Promise<void> {
    return new Promise((resolve) => {
      resolve(this.#accept(graph));
    });
  }

  cancelJob(jobId: JobId): Promise<void> {
    return new Promise((resolve) => {
      const job = this.#job(jobId);
      if (job.ended && job.state !== 'CANCELED') throw new JobAlreadyEndedError(jobId, job.state);
      resolve(job.cancel());
    });
  }

  async triggerSavepoint(jobId: JobId, { targetDirectory, then }: SavepointOptions): Promise<string> {
    const job = this.#job(jobId);
    const stop = then === 'suspend' || then === 'drain' ? then : undefined;
    const path = await this.#checkpointsOf(jobId).triggerSavepoint({ targetDirectory, stop });
    if (then === 'cancel') job.cancel();
    if (then !== undefined) await job.result;
    return path;
  }

  async triggerCheckpoint(jobId: JobId, options: { readonly full: boolean }): Promise<number> {
    return await this.#checkpointsOf(jobId).triggerCheckpoint(options);
  }

  async disposeSavepoint(path: string): Promise<void> {
    const { files, logger, configuration } = this.options;
    await disposeSavepoint(path, files, logger, { defaultScheme: configuration.get(fsDefaultScheme) });
  }

  checkpoints(jobId: JobId): JobCheckpointsStatus {
    const checkpoints = this.#checkpointsOf(jobId);
    return { settings: checkpoints.settings, status: checkpoints.status() };
  }

  listJobs(): readonly JobStatus[] {
    return [...this.#jobs.values()].map((job) => job.status());
  }

  job(jobId: JobId): JobStatus {
    return this.#job(jobId).status();
  }

  async jobResult(jobId: JobId): Promise<JobResult> {
    return await this.#job(jobId).result;
  }

  async collect(jobId: JobId, collectorId: string, token: number, waitMs: number): Promise<CollectedPage> {
    return await this.#job(jobId).collector(collectorId).page(token, waitMs);
  }

  taskManagers(): readonly TaskManagerStatus[] {
    return this.#registry.all.map((taskManager) => taskManagerStatus(taskManager, this.#pool));
  }

  overview(): ClusterOverview {
    return clusterOverview(
      [...this.#jobs.values()].map((job) => job.state),
      this.#registry.all.length,
      this.#pool,
      this.#lostJobs,
    );
  }

  async shutDown({ stopWorkers, failure }: ShutDownOptions): Promise<void> {
    this.#shutDown ??= this.#stop(stopWorkers, failure);
    await this.#shutDown;
  }

  #accept(graph: JobGraph): void {
    if (this.#shutDown) throw new JobManagerShutDownError();
    checkGraph(graph);
    const { jobId, name, program } = graph;
    if (this.#jobs.has(jobId)) throw new DuplicateJobError(jobId);
    if (!this.options.blobs.has(program.bundle)) throw new BlobMissingError(program.bundle, 'the blob store of the JobManager');
    this.options.blobs.hold(program.bundle, jobId);
    const job = this.#newJob(graph);
    this.#jobs.set(jobId, job);
    this.options.logger.info('accepted a job', { jobId, jobName: name, slots: job.executions.slotRequests.length });
    void job.result.then((result) => {
      this.#onEnded(job, result);
    });
    this.options.onJobAccepted?.(jobId, name);
    job.start();
    this.#tellDemand();
  }

  #newJob(graph: JobGraph): JobMaster {
    const { clock, random, logger, files, settings, configuration, driver } = this.options;
    return new JobMaster(graph, {
      clock,
      random,
      configuration,
      logger,
      files,
      settings,
      takeSlots: (jobId, wanted) => this.#takeSlots(jobId, wanted),
      situation: (required) => this.#pool.situation(required),
      slotsPossible: (required) => driver.fixedSlots === undefined || required <= driver.fixedSlots,
      deploy: (id, message) => this.#deploy(id, message),
      send: (id, message) => {
        this.#send(id, message);
      },
    });
  }

  get #lostJobs(): readonly LostJob[] {
    return this.options.lostJobs ?? [];
  }

  #job(jobId: JobId): JobMaster {
    const job = this.#jobs.get(jobId);
    if (job) return job;
    const lost = this.#lostJobs.find((other) => other.jobId === jobId);
    throw lost ? new JobLostError(lost) : new JobNotFoundError(jobId);
  }

  #checkpointsOf(jobId: JobId): JobCheckpoints {
    const { checkpoints } = this.#job(jobId);
    if (!checkpoints) throw new NoCheckpointsError(jobId);
    return checkpoints;
  }

  #takeSlots(jobId: JobId, wanted: readonly WantedSlot[]): readonly ExecutionPlace[] | undefined {
    this.#tellDemand();
    const shared = wanted.map(({ beside }) => (beside && this.#pool.holds(beside.taskManagerId, beside.slot, jobId) ? beside : undefined));
    const owners = wanted.filter((_, index) => shared[index] === undefined).map(({ attempts }) => ({ jobId, attempts }));
    const taken = this.#pool.take(owners)?.values();
    if (taken === undefined) return undefined;
    return wanted.map(({ attempts }, index) => {
      const place = shared[index] ?? this.#placeOf(taken.next().value!);
      if (shared[index] !== undefined) this.#pool.share(place.taskManagerId, place.slot, { jobId, attempts });
      return place;
    });
  }

  #placeOf({ target, slot }: ChosenSlot<TaskManagerId>): ExecutionPlace {
    const { taskManagerId, host, dataPort } = this.#registry.get(target)!.description;
    return { taskManagerId, host, dataPort, slot };
  }

  async #deploy(id: TaskManagerId, message: DeployJob): Promise<void> {
    const taskManager = this.#registry.get(id);
    if (!taskManager) throw new TaskManagerLostError(id, 'it is no longer registered');
    await taskManager.connection.request(message, this.options.settings.askTimeoutMs);
  }

  #send(id: TaskManagerId, message: CommandSlot | AttemptEnded | JobEnded): void {
    this.#registry.get(id)?.connection.send(message);
  }

  #onRegistered({ description }: RegisteredTaskManager): void {
    this.#pool.add(description.taskManagerId, description.slots);
    // Later, so that the TaskManager has its answer before it is told to do anything.
    setImmediate(() => {
      this.#slotsChanged();
    });
  }

  #onLost({ description: { taskManagerId } }: RegisteredTaskManager, error: TaskManagerLostError): void {
    this.#pool.remove(taskManagerId);
    this.options.blobs.neighbourLost();
    for (const job of this.#jobs.values()) job.onTaskManagerLost(taskManagerId, error);
    this.#tellDemand();
  }

  /** Until it is known why it is gone, it gets no new tasks. */
  #onBrokeOff({ description: { taskManagerId } }: RegisteredTaskManager): number {
    const waitMs = this.options.driver.explainsWithinMs(taskManagerId);
    if (waitMs > 0) {
      this.#pool.remove(taskManagerId);
      this.#tellDemand();
    }
    return waitMs;
  }

  #onMessage(id: TaskManagerId, message: ControlMessage): void {
    switch (message.type) {
      case 'slotReported':
        return this.#jobs.get(message.jobId)?.onSlotReported(id, message);
      case 'slotReleased':
        this.#freeSlot(id, message);
        return this.#jobs.get(message.jobId)?.onSlotReleased(id, message);
      default:
        return this.options.logger.warn('a TaskManager sent a message that is not for a JobManager', { type: message.type, id });
    }
  }

  #freeSlot(id: TaskManagerId, { jobId, attempt, slot }: SlotRun): void {
    // Later: the job whose slot it was goes first, so that when it restarts it gets it again.
    if (this.#pool.free(id, slot, { jobId, attempt })) {
      queueMicrotask(() => {
        this.#slotsChanged();
      });
    }
  }

  #slotsChanged(): void {
    for (const job of this.#jobs.values()) job.slotsChanged();
    this.#tellDemand();
  }

  /** Later, once whatever is changing now has changed. */
  #tellDemand(): void {
    if (this.#demandToldLater) return;
    this.#demandToldLater = true;
    queueMicrotask(() => {
      this.#demandToldLater = false;
      if (!this.#shutDown) this.options.driver.onDemand(this.#demand());
    });
  }

  #demand(): SlotDemand {
    const required = [...this.#jobs.values()].reduce((sum, { slotsWanted }) => sum + slotsWanted, 0);
    const workers = this.#registry.all.map(({ description: { taskManagerId, slots } }) => ({
      taskManagerId,
      slots,
      freeSlots: this.#pool.availableAt(taskManagerId),
    }));
    return { missing: Math.max(0, required - this.#pool.available), workers };
  }

  #releaseIdle(id: TaskManagerId, reason: string): boolean {
    const taskManager = this.#registry.get(id);
    if (!taskManager || this.#pool.availableAt(id) < taskManager.description.slots) return false;
    taskManager.connection.send({ type: 'stopTaskManager', reason });
    this.#registry.lost(id, reason);
    return true;
  }

  async #onFetchBlob({ key, offset }: FetchBlob): Promise<BlobChunk> {
    const { blobs } = this.options;
    return { type: 'blobChunk', bytes: await blobs.read(key, offset, BLOB_CHUNK_BYTES), sizeBytes: blobs.sizeOf(key) };
  }

  #onEnded(job: JobMaster, result: JobResult): void {
    const { jobId, state, netRuntimeMs } = result;
    this.options.logger.info(`job has ended: ${state}`, { jobId, netRuntimeMs });
    this.options.blobs.letGo(job.jobId);
    this.options.onJobEnded?.(result);
    const ended = [...this.#jobs.values()].filter((other) => other.ended);
    // The last one stays even without a history: its client is about to ask for it.
    const surplus = ended.length - Math.max(1, this.options.settings.history);
    for (const { jobId: oldest } of ended.slice(0, Math.max(0, surplus))) this.#jobs.delete(oldest);
    this.#tellDemand();
  }

  async #stop(stopWorkers: boolean, failure: string | undefined): Promise<void> {
    const { blobs, driver, settings, clock, files, logger } = this.options;
    const jobs = [...this.#jobs.values()];
    for (const job of jobs) job.cancel();
    await withinTime(Promise.all(jobs.map(({ result }) => result)), settings.shutDownTimeoutMs, clock);
    const abandoned = jobs.filter(({ ended }) => !ended);
    for (const job of abandoned) job.abandon(new JobManagerShutDownError());
    this.#registry.close('the JobManager is shutting down', stopWorkers);
    // With the connections their tasks end; what those left unfinished is nobody else's to delete.
    for (const job of abandoned) await deleteScratch(job.status().graph.scratch, files, logger);
    for (const job of jobs) await job.checkpointsReleased;
    await (failure === undefined ? driver.finish(finalStatus(jobs), '') : driver.finish('FAILED', failure));
    await blobs.close();
  }
}

function finalStatus(jobs: readonly JobMaster[]): FinalStatus {
  const states = new Set(jobs.map(({ state }) => state));
  if (states.has('FAILED')) return 'FAILED';
  return states.has('CANCELED') ? 'CANCELED' : 'SUCCEEDED';
}

async function withinTime(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(timeoutMs, resolve);
    void work.finally(() => {
      timer.cancel();
      resolve();
    });
  });
}
