import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobKey, type Clock, fileSystems, SeededRandom, silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import { BlobCache } from '../../blob/blob-cache.js';
import { BlobStore } from '../../blob/blob-store.js';
import { ProgramBundles } from '../../blob/program-bundles.js';
import { ControlConnection } from '../../control/control-connection.js';
import { inProcessLinks } from '../../control/in-process-link.js';
import { JobManager } from '../../jobmanager/job-manager.js';
import { jobManagerSettings } from '../../jobmanager/job-manager-settings.js';
import { standaloneDriver, type WorkerEvents } from '../../jobmanager/resource-manager-driver.js';
import { TaskManager } from '../../taskmanager/task-manager.js';
import { taskManagerSettings } from '../../taskmanager/task-manager-settings.js';
import type { FaultInjector } from './fault-injector.js';
import { InlineCarriers } from './inline-carriers.js';

export interface HarnessClusterOptions {
  readonly clock: Clock;
  readonly configuration: Readonly<Record<string, string>>;
}

/** A JobManager and one TaskManager in the caller's thread, tasks included; when the TaskManager is lost, another one comes. */
export class HarnessCluster {
  #workers: WorkerEvents | undefined;
  #slots = 1;
  #taskManager: { readonly taskManager: TaskManager; readonly carriers: InlineCarriers } | undefined;
  /** What is still ending. */
  readonly #lost: Promise<void>[] = [];

  private constructor(
    readonly jobManager: JobManager,
    private readonly directory: string,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  static async start({ clock, configuration }: HarnessClusterOptions): Promise<HarnessCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'flink-ts-test-'));
    const all = Configuration.of({ 'taskmanager.tmp.dirs': directory, ...configuration });
    const blobs = await BlobStore.open({ directory, cleanupIntervalMs: CLEANUP_MS, clock: systemClock, logger: silentLogger });
    let workers: WorkerEvents | undefined;
    const jobManager = await JobManager.start({
      settings: jobManagerSettings(all),
      clock,
      random: new SeededRandom(1),
      logger: silentLogger,
      files: fileSystems,
      blobs,
      driver: {
        ...standaloneDriver,
        start: (events) => {
          workers = events;
          return Promise.resolve();
        },
      },
      configuration: all,
    });
    const cluster = new HarnessCluster(jobManager, directory, clock, all);
    cluster.#workers = workers;
    return cluster;
  }

  putProgram(bundle: Uint8Array): Promise<BlobKey> {
    return this.jobManager.putBlob(bundle);
  }

  /** Starts the TaskManager with so many slots. */
  async startTaskManager(slots: number, faults: FaultInjector): Promise<void> {
    this.#slots = slots;
    const { directory, clock } = this;
    const carriers = new InlineCarriers(clock, faults);
    const settings = taskManagerSettings(this.configuration.with({ 'taskmanager.numberOfTaskSlots': String(slots) }));
    const store = await BlobStore.open({ directory, cleanupIntervalMs: CLEANUP_MS, clock: systemClock, logger: silentLogger });
    const taskManager = new TaskManager({
      settings,
      clock,
      logger: silentLogger,
      files: fileSystems,
      carriers,
      blobs: new BlobCache(store, settings.blobFetchRetries, silentLogger),
      programs: new ProgramBundles(store),
      dataPlane: undefined,
      print: () => undefined,
      logPath: undefined,
      connect: () => {
        const [near, far] = inProcessLinks({ carry: (envelope) => structuredClone(envelope) });
        this.jobManager.accept(new ControlConnection(near, clock));
        return Promise.resolve(new ControlConnection(far, clock));
      },
    });
    this.#taskManager = { taskManager, carriers };
    await taskManager.registered;
  }

  /** The TaskManager is lost at once: nothing that it does from now on reaches anybody. Another one takes its place. */
  kill(reason: string, faults: FaultInjector): void {
    const killed = this.#taskManager;
    if (killed === undefined) return;
    this.#taskManager = undefined;
    killed.carriers.mute();
    this.#lost.push(this.#replace(killed.taskManager, reason, faults));
  }

  /** Has all slots look at the time. */
  ring(): void {
    this.#taskManager?.carriers.ring();
  }

  async stop(): Promise<void> {
    await this.jobManager.shutDown({ stopWorkers: true });
    await this.#taskManager?.taskManager.stop('the test ends');
    await Promise.all(this.#lost);
    await rm(this.directory, { recursive: true, force: true });
  }

  async #replace(killed: TaskManager, reason: string, faults: FaultInjector): Promise<void> {
    await Promise.resolve();
    this.#workers?.onWorkerLost(killed.id, reason);
    await killed.stop(reason);
    await this.startTaskManager(this.#slots, faults);
  }
}

const CLEANUP_MS = 60_000;
