import { fileSystems } from '#core';
import { taskManagerBindHost } from '#conf';
import { connectControl, HandshakeRefusedError, RegistrationTimeoutError, startTaskManager } from '#runtime';
import { slotThreadSetup } from '../slot-thread/slot-thread-setup.js';
import { clusterTransport, jobManagerAddress, warnOfOpenDoor } from './cluster-transport.js';
import { type Daemon, type DaemonContext, DaemonExit, type DaemonEnd } from './daemon.js';
import { logMemory } from './memory-log.js';

/** Threads that wait for a job from the start: the first subtasks then begin at once, and two idle slots stay small. */
const WARM_THREADS = 1;

/**
 * Starts a TaskManager that looks for the JobManager of the configuration, and for the next one when that is lost.
 * Throws `UnusableTempDirError`, `MemoryConfigurationError`, `BlobDirectoryError` (user), `DataPortUnavailableError`.
 */
export async function startStandaloneTaskManager({ configuration, logger, clock, logFile }: DaemonContext): Promise<Daemon> {
  const transport = clusterTransport(configuration, clock, logger.named('runtime.control'));
  const { host, port } = jobManagerAddress(configuration);
  const taskManager = await startTaskManager({
    configuration,
    clock,
    logger: logger.named('runtime.taskmanager'),
    files: fileSystems,
    connect: async (signal) => await connectControl(host, port, transport, signal),
    servesData: transport.identity,
    warmThreads: WARM_THREADS,
    threadSetup: slotThreadSetup(configuration),
    print: (stream, text) => {
      (stream === 'stdout' ? process.stdout : process.stderr).write(text);
    },
    logPath: logFile,
  });
  logger.info('looking for the JobManager', { jobManager: `${host}:${port}`, taskManagerId: taskManager.id });
  warnOfOpenDoor(logger, 'the data port', configuration.get(taskManagerBindHost), taskManagerBindHost.key);
  const memoryLog = logMemory(configuration, clock, logger.named('runtime.taskmanager.memory'));
  return {
    ended: taskManager.ended.then((): DaemonEnd => ({ error: undefined, exitCode: DaemonExit.ok }), endOf),
    close: async () => {
      memoryLog.stop();
      await taskManager.stop('the process is asked to end');
    },
  };
}

function endOf(error: unknown): DaemonEnd {
  const neverStarted = error instanceof RegistrationTimeoutError || error instanceof HandshakeRefusedError;
  return { error, exitCode: neverStarted ? DaemonExit.startUpFailure : DaemonExit.runtimeFailure };
}
