import { fileSystems, type TaskManagerId } from '#core';
import { connectControl, startTaskManager } from '#runtime';
import { slotThreadSetup } from '../../slot-thread/slot-thread-setup.js';
import { clusterTransport } from '../../standalone/cluster-transport.js';
import { type Daemon, type DaemonContext, type DaemonEnd, DaemonExit } from '../../standalone/daemon.js';
import { logMemory } from '../../standalone/memory-log.js';
import { clusterSecretOf, readContainerCredentials } from '../launch/container-credentials.js';
import { inContainerDirectories } from '../launch/container-directories.js';
import { ContainerExit } from '../launch/container-surroundings.js';
import { fromLaunchEnvironment } from '../launch/launch-environment.js';
import { readLeaderFile } from '../leader/leader-file.js';
import { taskManagerConfiguration } from './task-manager-configuration.js';

/** Threads that wait for a job from the start. */
const WARM_THREADS = 1;

/**
 * Starts a TaskManager in a container. It looks for the ApplicationMaster where the leader file says, and there for the next attempt when
 * that one is lost. It is named after its container.
 * Throws `LaunchEnvironmentError`, `ContainerTooSmallError`, and the errors of a TaskManager.
 */
export async function startYarnTaskManager(context: DaemonContext): Promise<Daemon> {
  const { logger, clock, logFile } = context;
  const launch = fromLaunchEnvironment(process.env);
  const configuration = taskManagerConfiguration(inContainerDirectories(context.configuration, process.env), launch);
  const secret = clusterSecretOf(await readContainerCredentials(process.env));
  const transport = clusterTransport(configuration, clock, logger.named('runtime.control'), secret);
  const id = process.env['CONTAINER_ID'] as TaskManagerId | undefined;
  const taskManager = await startTaskManager({
    ...(id === undefined ? {} : { id }),
    configuration,
    clock,
    logger: logger.named('runtime.taskmanager'),
    files: fileSystems,
    connect: async (signal) => {
      const { host, controlPort } = await readLeaderFile(fileSystems, launch.stagingDirectory);
      return await connectControl(host, controlPort, transport, signal);
    },
    servesData: transport.identity,
    warmThreads: WARM_THREADS,
    print: (stream, text) => {
      (stream === 'stdout' ? process.stdout : process.stderr).write(text);
    },
    logPath: logFile,
    threadSetup: slotThreadSetup(configuration),
  });
  logger.info('looking for the ApplicationMaster', { stagingDirectory: launch.stagingDirectory, taskManagerId: taskManager.id });
  const memoryLog = logMemory(configuration, clock, logger.named('runtime.taskmanager.memory'));
  return {
    ended: taskManager.ended.then(
      (): DaemonEnd => ({ error: undefined, exitCode: DaemonExit.ok }),
      (error: unknown): DaemonEnd => ({ error, exitCode: ContainerExit.startUpFailure }),
    ),
    close: async (cause) => {
      memoryLog.stop();
      // YARN ends containers by a signal, and tells the ApplicationMaster why.
      await taskManager.stop('the process is asked to end', { silently: cause === 'signal' });
    },
  };
}
