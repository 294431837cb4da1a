import { type BlobKey, type Clock, fileSystems, type JobId, type Logger, silentLogger, systemClock, SeededRandom } from '#core';
import { Configuration } from '#conf';
import { BlobCache } from '../../runtime/blob/blob-cache.js';
import { BlobStore } from '../../runtime/blob/blob-store.js';
import { ProgramBundles } from '../../runtime/blob/program-bundles.js';
import { ControlConnection } from '../../runtime/control/control-connection.js';
import { inProcessLinks } from '../../runtime/control/in-process-link.js';
import type { ChannelNetwork } from '../../runtime/exchange/channel-allocator.js';
import { Doorbell } from '../../runtime/exchange/doorbell.js';
import { JobManager } from '../../runtime/jobmanager/job-manager.js';
import type { LostJob } from '../../runtime/jobmanager/lost-jobs.js';
import { type JobManagerSettings, jobManagerSettings } from '../../runtime/jobmanager/job-manager-settings.js';
import {
  localDriver,
  type ResourceManagerDriver,
  type SlotDemand,
  standaloneDriver,
  type WorkerEvents,
} from '../../runtime/jobmanager/resource-manager-driver.js';
import type { JobGraph } from '../../runtime/plan/job-graph.js';
import type { SlotCarrierSource } from '../../runtime/taskmanager/slot-carrier-source.js';
import { TaskManager } from '../../runtime/taskmanager/task-manager.js';
import { taskManagerSettings } from '../../runtime/taskmanager/task-manager-settings.js';
import { type SampleVertex, sampleGraph } from './sample-graph.js';
import { ScriptedCarriers } from './scripted-carrier.js';
import { until } from './until.js';

export interface TestClusterOptions {
  readonly directory: string;
  /** Slots of each TaskManager. */
  readonly slots?: readonly number[];
  readonly fixed?: boolean;
  /** How long its driver may take to tell why a TaskManager is gone. */
  readonly explainsWithinMs?: number;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly settings?: Partial<JobManagerSettings>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly lostJobs?: readonly LostJob[];
}

/** A TaskManager of a test cluster, with what a test needs to break it. */
export interface TestTaskManager {
  readonly taskManager: TaskManager;
  readonly carriers: ScriptedCarriers;
  /** The JobManager hears that it is lost, and says goodbye to it. */
  lose(reason: string): void;
  /** Its connection ends without a word, and it does not come back. */
  breakOff(): void;
}

/** Scripted tasks send nothing to each other. */
class SilentNetwork implements ChannelNetwork {
  readonly bell = Doorbell.create();
  readonly released: string[] = [];
  registerOutbound(): void {}
  registerInbound(): void {}
  release(jobId: JobId, attempt: number): void {
    this.released.push(`${jobId}/${attempt}`);
  }
  onFailure(): void {}
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** A whole cluster in this process, whose messages are copied on their way and whose tasks are scripted. */
export class TestCluster {
  readonly taskManagers: TestTaskManager[] = [];
  /** What the driver was told last. */
  demand: SlotDemand | undefined;
  #bundle: BlobKey | undefined;
  #workers: WorkerEvents | undefined;

  private constructor(
    readonly jobManager: JobManager,
    private readonly options: TestClusterOptions,
  ) {}

  get clock(): Clock {
    return this.options.clock ?? systemClock;
  }

  static async start(options: TestClusterOptions): Promise<TestCluster> {
    const { directory, slots = [2], clock = systemClock, logger = silentLogger } = options;
    const kind = options.fixed ? localDriver(slots.reduce((sum, count) => sum + count, 0)) : standaloneDriver;
    const told: { workers?: WorkerEvents; demand?: (demand: SlotDemand) => void } = {};
    const driver: ResourceManagerDriver = {
      ...kind,
      start: (events) => ((told.workers = events), Promise.resolve()),
      onDemand: (demand) => told.demand?.(demand),
      explainsWithinMs: () => options.explainsWithinMs ?? 0,
    };
    const blobs = await BlobStore.open({ directory, cleanupIntervalMs: 1000, clock, logger });
    const settings = { ...jobManagerSettings(Configuration.of(options.configuration ?? {})), ...options.settings };
    const configuration = Configuration.of(options.configuration ?? {});
    const random = new SeededRandom(1);
    const given = { settings, clock, random, logger, blobs, driver, configuration };
    const jobManager = await JobManager.start({ ...given, files: fileSystems, lostJobs: options.lostJobs ?? [] });
    const cluster = new TestCluster(jobManager, options);
    cluster.#workers = told.workers;
    told.demand = (demand) => {
      cluster.demand = demand;
    };
    for (const count of slots) await cluster.addTaskManager(count);
    cluster.#bundle = await cluster.jobManager.putBlob(Buffer.from('export {};'));
    return cluster;
  }

  async addTaskManager(slots: number, carriers: SlotCarrierSource = new ScriptedCarriers()): Promise<TestTaskManager> {
    const { directory, clock = systemClock, logger = silentLogger, configuration = {} } = this.options;
    const settings = taskManagerSettings(Configuration.of({ 'taskmanager.numberOfTaskSlots': String(slots), ...configuration }));
    const store = await BlobStore.open({ directory, cleanupIntervalMs: 1000, clock, logger });
    let connection: ControlConnection | undefined;
    const taskManager = new TaskManager({
      settings,
      clock,
      logger,
      files: fileSystems,
      carriers,
      blobs: new BlobCache(store, settings.blobFetchRetries, logger),
      programs: new ProgramBundles(store),
      dataPlane: { port: 6000 + this.taskManagers.length, network: new SilentNetwork() },
      print: () => {},
      logPath: undefined,
      connect: () => {
        const [near, far] = inProcessLinks({ carry: (envelope) => structuredClone(envelope) });
        this.jobManager.accept(new ControlConnection(near, clock));
        connection = new ControlConnection(far, clock);
        return Promise.resolve(connection);
      },
    });
    const before = this.jobManager.overview().taskManagers;
    await until(() => this.jobManager.overview().taskManagers > before && this.jobManager.overview().slotsTotal > 0);
    const lose = (reason: string): void => {
      this.#workers?.onWorkerLost(taskManager.id, reason);
    };
    const breakOff = (): void => {
      connection?.destroy('killed');
    };
    const added = { taskManager, carriers: carriers as ScriptedCarriers, lose, breakOff };
    this.taskManagers.push(added);
    return added;
  }

  /** As a driver sends a TaskManager away that has nothing to do. */
  releaseIdle(taskManager: TestTaskManager): boolean {
    return this.#workers!.releaseIdle(taskManager.taskManager.id, 'it is idle');
  }

  graph(vertices: readonly SampleVertex[], changes: Partial<JobGraph> & { restartAttempts?: number } = {}): JobGraph {
    return sampleGraph(this.#bundle!, vertices, changes);
  }

  async submit(vertices: readonly SampleVertex[], changes: Partial<JobGraph> & { restartAttempts?: number } = {}): Promise<JobId> {
    const graph = this.graph(vertices, changes);
    await this.jobManager.submitJob(graph);
    return graph.jobId;
  }

  /** Every carrier of every TaskManager that has not been ended. */
  get live(): ScriptedCarriers['live'] {
    return this.taskManagers.flatMap(({ carriers }) => carriers.live);
  }

  /** Submits, and waits until all its tasks run. */
  async running(vertices: readonly SampleVertex[], changes: Partial<JobGraph> & { restartAttempts?: number } = {}): Promise<JobId> {
    const jobId = await this.submit(vertices, changes);
    await this.allRunning(jobId);
    return jobId;
  }

  async allRunning(jobId: JobId): Promise<void> {
    await until(() => this.jobManager.job(jobId).subtasks.every(({ state }) => state === 'RUNNING'));
  }

  async stop(): Promise<void> {
    await this.jobManager.shutDown({ stopWorkers: true });
    await Promise.all(this.taskManagers.map(({ taskManager }) => taskManager.stop('the test ends')));
  }
}
