import { fileSystems, type Logger, systemClock, systemRandom } from '#core';
import { blobServiceCleanupInterval, blobStorageDirectory, type Configuration, taskManagerNumberOfTaskSlots } from '#conf';
import {
  BlobStore,
  ControlConnection,
  inProcessLinks,
  JobManager,
  jobManagerSettings,
  localDriver,
  type PrintListener,
  startTaskManager,
  type TaskManager,
} from '#runtime';
import { registerFileSystems } from '#connectors';
import { slotThreadSetup } from '../slot-thread/slot-thread-setup.js';

export interface LocalCellOptions {
  readonly configuration: Configuration;
  readonly slots: number;
  readonly print: PrintListener;
  readonly logger: Logger;
}

/** A JobManager and a TaskManager in this process that know only each other. */
export class LocalCell {
  readonly jobManager: JobManager;
  readonly #taskManager: TaskManager;

  private constructor(jobManager: JobManager, taskManager: TaskManager) {
    this.jobManager = jobManager;
    this.#taskManager = taskManager;
  }

  /** Throws the errors of the memory keys, `UnusableTempDirError`, `BlobDirectoryError` (user). */
  static async start(options: LocalCellOptions): Promise<LocalCell> {
    registerFileSystems(options.configuration.toJSON());
    const jobManager = await startJobManager(options);
    try {
      const taskManager = await startLocalTaskManager(options, jobManager);
      await taskManager.registered;
      return new LocalCell(jobManager, taskManager);
    } catch (error) {
      await jobManager.shutDown({ stopWorkers: true });
      throw error;
    }
  }

  get freeSlots(): number {
    return this.jobManager.overview().slotsAvailable;
  }

  /** Cancels the jobs, and ends when all threads are gone and all files removed. */
  async close(): Promise<void> {
    await this.jobManager.shutDown({ stopWorkers: true });
    await this.#taskManager.stop('the local cluster is closed');
  }
}

async function startJobManager({ configuration, slots, logger }: LocalCellOptions): Promise<JobManager> {
  const blobs = await BlobStore.open({
    directory: configuration.get(blobStorageDirectory),
    cleanupIntervalMs: configuration.get(blobServiceCleanupInterval),
    clock: systemClock,
    logger,
  });
  return await JobManager.start({
    settings: jobManagerSettings(configuration),
    clock: systemClock,
    logger,
    files: fileSystems,
    blobs,
    driver: localDriver(slots),
    configuration,
    random: systemRandom,
  });
}

async function startLocalTaskManager(
  { configuration, slots, print, logger }: LocalCellOptions,
  jobManager: JobManager,
): Promise<TaskManager> {
  const taskManager = await startTaskManager({
    configuration: configuration.with({ [taskManagerNumberOfTaskSlots.key]: String(slots) }),
    clock: systemClock,
    logger,
    files: fileSystems,
    connect: () => Promise.resolve(connectInProcess(jobManager)),
    servesData: undefined,
    warmThreads: 1,
    threadSetup: slotThreadSetup(configuration),
    print,
    logPath: undefined,
  });
  // Whatever ends it ends the jobs too, which tell their clients.
  taskManager.ended.catch((error: unknown) => {
    logger.error('the local TaskManager ended', { error: String(error) });
  });
  return taskManager;
}

function connectInProcess(jobManager: JobManager): ControlConnection {
  const [atJobManager, atTaskManager] = inProcessLinks().map((link) => new ControlConnection(link, systemClock));
  jobManager.accept(atJobManager as ControlConnection);
  return atTaskManager as ControlConnection;
}
