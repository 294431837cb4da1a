import type { Clock, FileSystems, Logger, TaskManagerId } from '#core';
import {
  blobServiceCleanupInterval,
  blobStorageDirectory,
  type Configuration,
  stateBackendRocksdbCheckpointdir,
  taskManagerBindHost,
  taskManagerDataPort,
} from '#conf';
import { BlobCache } from '../blob/blob-cache.js';
import { BlobStore } from '../blob/blob-store.js';
import { ProgramBundles } from '../blob/program-bundles.js';
import type { ClusterIdentity } from '../control/handshake.js';
import { NetworkThread } from '../exchange/network/network-thread.js';
import type { PrintListener } from '../jobmanager/job-manager-gateway.js';
import { removeOrphanedStateDirectories, removeStateDirectories, slotName } from '../state/lsm/state-directory.js';
import type { SlotThreadSetup } from '../task/slot-thread-setup.js';
import type { ConnectToJobManager } from './job-manager-link.js';
import { type DataPlane, TaskManager } from './task-manager.js';
import { taskManagerSettings } from './task-manager-settings.js';
import { checkTempDirectories } from './temp-directories.js';
import { WorkerPool } from './worker-pool.js';

export interface StartTaskManagerOptions {
  /** Named by whoever starts it; else by its host. */
  readonly id?: TaskManagerId;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: FileSystems;
  readonly connect: ConnectToJobManager;
  /** Lets other TaskManagers of this cluster get at its data; undefined: there are no others. */
  readonly servesData: ClusterIdentity | undefined;
  /** How many threads are started before a job asks for them. */
  readonly warmThreads: number;
  /** What each slot's thread does first. */
  readonly threadSetup: SlotThreadSetup | undefined;
  readonly print: PrintListener;
  readonly logPath: string | undefined;
}

/**
 * Starts a TaskManager whose slots are worker threads, as the configuration says. Does not wait for a JobManager: see `registered`.
 * Throws `UnusableTempDirError`, `MemoryConfigurationError`, `BlobDirectoryError` (user), `DataPortUnavailableError` (external).
 */
export async function startTaskManager(options: StartTaskManagerOptions): Promise<TaskManager> {
  const { configuration, clock, logger, files, connect, print, logPath } = options;
  const settings = taskManagerSettings(configuration);
  await checkTempDirectories(settings.tempDirectories, settings.tempDirectoriesKey);
  const dataPlane = options.servesData && (await openDataPlane(options, options.servesData));
  const stateDirectories = configuration.get(stateBackendRocksdbCheckpointdir);
  void removeOrphanedStateDirectories(stateDirectories);
  const carriers = new WorkerPool({
    warm: options.warmThreads,
    slots: settings.slots,
    maxHeapMb: settings.slotHeapMb,
    clock,
    setup: options.threadSetup,
    threadEnded: (threadId) => void removeStateDirectories(stateDirectories, slotName(process.pid, threadId)),
  });
  try {
    const store = await BlobStore.open({
      directory: configuration.get(blobStorageDirectory),
      cleanupIntervalMs: configuration.get(blobServiceCleanupInterval),
      clock,
      logger,
    });
    const blobs = new BlobCache(store, settings.blobFetchRetries, logger);
    return new TaskManager({
      ...(options.id === undefined ? {} : { id: options.id }),
      settings,
      clock,
      logger,
      files,
      connect,
      carriers,
      blobs,
      programs: new ProgramBundles(store),
      dataPlane,
      print,
      logPath,
    });
  } catch (error) {
    await Promise.all([carriers.close(), dataPlane?.network.stop()]);
    throw error;
  }
}

async function openDataPlane(
  { configuration, logger }: StartTaskManagerOptions,
  { clusterId, secret }: ClusterIdentity,
): Promise<DataPlane> {
  const port = configuration.get(taskManagerDataPort);
  return await NetworkThread.start(
    {
      bindHost: configuration.get(taskManagerBindHost) ?? '0.0.0.0',
      portRange: [{ first: port, last: port }],
      clusterId,
      secret: secret ?? '',
      name: `TaskManager ${process.pid}`,
    },
    logger,
  );
}
