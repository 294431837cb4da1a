import { fileSystems, systemRandom } from '#core';
import { blobServiceCleanupInterval, blobStorageDirectory, jobManagerBindHost, jobManagerRpcPort, webAddress, webLogPath } from '#conf';
import { BlobStore, ControlServer, JobManager, jobManagerSettings, standaloneDriver } from '#runtime';
import { startWebServer, webBinding, type WebServer } from '#web';
import { clusterTransport, warnOfOpenDoor } from './cluster-transport.js';
import { type Daemon, type DaemonContext, type DaemonEnd, DaemonExit } from './daemon.js';

/**
 * Starts a JobManager that TaskManagers and clients reach by its ports.
 * Throws `PortUnavailableError`, `WebPortInUseError`, `BlobDirectoryError` (user).
 */
export async function startStandaloneJobManager(context: DaemonContext): Promise<Daemon> {
  const { configuration, logger, clock } = context;
  const blobs = await BlobStore.open({
    directory: configuration.get(blobStorageDirectory),
    cleanupIntervalMs: configuration.get(blobServiceCleanupInterval),
    clock,
    logger: logger.named('runtime.blob'),
  });
  const jobManager = await JobManager.start({
    settings: jobManagerSettings(configuration),
    clock,
    logger: logger.named('runtime.jobmanager'),
    files: fileSystems,
    blobs,
    driver: standaloneDriver,
    configuration,
    random: systemRandom,
  });
  const doors = new Doors(jobManager, context);
  try {
    await doors.open();
    return doors;
  } catch (error) {
    await doors.close();
    throw error;
  }
}

/** The ports of a JobManager, and its end. */
class Doors implements Daemon {
  readonly ended: Promise<DaemonEnd>;
  readonly #jobManager: JobManager;
  readonly #context: DaemonContext;
  readonly #open: (ControlServer | WebServer)[] = [];
  #stopWorkers = false;
  #end: () => void = () => undefined;

  constructor(jobManager: JobManager, context: DaemonContext) {
    this.#jobManager = jobManager;
    this.#context = context;
    this.ended = new Promise((resolve) => {
      this.#end = () => {
        resolve({ error: undefined, exitCode: DaemonExit.ok });
      };
    });
  }

  async open(): Promise<void> {
    await this.#openControl();
    await this.#openWeb();
  }

  async close(): Promise<void> {
    await this.#jobManager.shutDown({ stopWorkers: this.#stopWorkers });
    for (const door of this.#open.toReversed()) await door.close();
  }

  async #openControl(): Promise<void> {
    const { configuration, logger, clock } = this.#context;
    const host = configuration.get(jobManagerBindHost);
    const transport = clusterTransport(configuration, clock, logger.named('runtime.control'));
    const server = await ControlServer.listen(
      { host, ports: [configuration.get(jobManagerRpcPort)], key: jobManagerRpcPort.key },
      transport,
      (connection) => {
        this.#jobManager.accept(connection);
      },
    );
    this.#open.push(server);
    logger.info('waiting for TaskManagers', { address: `${host ?? '*'}:${server.port}` });
    warnOfOpenDoor(logger, 'the port for TaskManagers', host, jobManagerBindHost.key);
  }

  async #openWeb(): Promise<void> {
    const { configuration, logger, clock, logFile } = this.#context;
    const binding = webBinding(configuration);
    if (!binding) {
      logger.warn('the REST server is switched off: clients cannot reach this JobManager', { 'web.port': -1 });
      return;
    }
    const server = await startWebServer(
      {
        gateway: this.#jobManager,
        configuration,
        clock,
        logger: logger.named('web'),
        logPath: configuration.get(webLogPath) ?? logFile,
        onShutDown: () => {
          this.#stopWorkers = true;
          this.#end();
        },
      },
      binding,
    );
    this.#open.push(server);
    logger.info('serving REST and the overview page', { address: `http://${binding.host ?? '*'}:${server.port}` });
    warnOfOpenDoor(logger, 'the REST port', binding.host, webAddress.key);
  }
}
