import { hostname } from 'node:os';
import { type FileSystems, fileSystems, systemRandom } from '#core';
import { blobServiceCleanupInterval, blobStorageDirectory, type HadoopConfiguration, loadHadoopConfiguration } from '#conf';
import { BlobStore, describeLostJobs, JobManager, jobManagerSettings, type JobResult } from '#runtime';
import { clusterTransport } from '../../standalone/cluster-transport.js';
import { type Daemon, type DaemonContext, type DaemonEnd, type EndCause } from '../../standalone/daemon.js';
import { clusterSecretOf } from '../launch/container-credentials.js';
import { inContainerDirectories } from '../launch/container-directories.js';
import { ContainerExit } from '../launch/container-surroundings.js';
import { fromLaunchEnvironment, type LaunchSettings } from '../launch/launch-environment.js';
import { writeLeaderFile } from '../leader/leader-file.js';
import { parseContainerId } from '../rpc/container-id.js';
import { ApplicationMasterDismissedError } from '../rpc/errors.js';
import { NodeManagerClient } from '../rpc/node-manager-client.js';
import { SchedulerClient } from '../rpc/scheduler-client.js';
import { SchedulerConnection } from '../rpc/scheduler-connection.js';
import { inCluster } from '../task-manager/task-manager-configuration.js';
import { isOver } from './application-over.js';
import { type MasterCredentials, readMasterCredentials } from './container-credentials.js';
import { ContainerEnvironmentError, JobsLostError, TooManyFailedContainersError } from './errors.js';
import { taskManagerLaunchContext } from './launch-context.js';
import { type MasterDoors, openDoors } from './master-doors.js';
import { runShippedProgram } from './run-program.js';
import { schedulerAddresses } from './scheduler-addresses.js';
import { UnfinishedJobs } from './unfinished-jobs.js';
import { YarnDriver } from './yarn-driver.js';
import { heartbeatWarning, yarnDriverSettings } from './yarn-settings.js';

const CONNECT_TIMEOUT_MS = 5000;
const CALL_TIMEOUT_MS = 20_000;
/** What a process of Flink exits with when its application has ended: 0, 1443, 1444, of which the system keeps the low byte. */
const ApplicationExit = { FINISHED: 0, FAILED: 1443 & 0xff, CANCELED: 1444 & 0xff } as const;

/**
 * Starts the JobManager of a session on YARN: it registers at the ResourceManager, and its TaskManagers run in containers.
 * Throws `LaunchEnvironmentError`, `ContainerEnvironmentError`, the errors of Hadoop RPC, and those of a JobManager.
 */
export async function startApplicationMaster(context: DaemonContext): Promise<Daemon> {
  const launch = fromLaunchEnvironment(process.env);
  const configuration = inCluster(inContainerDirectories(context.configuration, process.env), launch);
  const first = attemptOf(process.env['CONTAINER_ID']) === 1;
  const lost = first ? [] : await UnfinishedJobs.read(fileSystems, launch.stagingDirectory);
  const jobs = new UnfinishedJobs(fileSystems, launch.stagingDirectory, context.logger, lost);
  const master = new ApplicationMaster({ ...context, configuration }, launch, fileSystems, jobs);
  try {
    await master.open();
    return master;
  } catch (error) {
    await master.close('crash');
    throw error;
  }
}

/** A JobManager, its doors, and its place in YARN. */
class ApplicationMaster implements Daemon {
  readonly ended: Promise<DaemonEnd>;
  #end!: (end: DaemonEnd) => void;
  #driver: YarnDriver | undefined;
  #hadoop: HadoopConfiguration | undefined;
  #jobManager: JobManager | undefined;
  #doors: MasterDoors | undefined;
  #failure: Error | undefined;
  /** For the report of YARN. */
  #diagnostics = '';
  #programFailure: string | undefined;
  readonly #closing = new AbortController();

  constructor(
    private readonly context: DaemonContext,
    private readonly launch: LaunchSettings,
    private readonly files: FileSystems,
    private readonly jobs: UnfinishedJobs,
  ) {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async open(): Promise<void> {
    const { clock, logger, configuration } = this.context;
    const master = await readMasterCredentials(process.env);
    this.#driver = await this.#createDriver(master);
    this.#jobManager = await this.#startJobManager(this.#driver);
    const transport = clusterTransport(configuration, clock, logger.named('runtime.control'), clusterSecretOf(master.credentials));
    this.#doors = await openDoors(this.#jobManager, this.context, transport, () => {
      this.#end({ error: undefined, exitCode: ApplicationExit.FINISHED });
    });
    await this.#announce(this.#doors, this.#driver);
    this.#tellLostJobs();
    if (this.launch.mode === 'application') void this.#runProgram(this.#doors.web.port);
  }

  /**
   * Ended by itself, the application has: its jobs are ended, TaskManagers are stopped, YARN is told, the staging directory removed. After
   * a signal or a crash the next attempt may go on; only when YARN does not want this application any more, its files go.
   */
  async close(cause: EndCause): Promise<void> {
    this.#closing.abort();
    if (cause === 'itself' && this.#goesOn) {
      await this.#jobManager?.shutDown({ stopWorkers: true, failure: this.#programFailure });
      await this.#closeDoors();
      await this.jobs.settled();
      await this.#removeStaging();
    } else if (cause === 'signal' || this.#failure instanceof ApplicationMasterDismissedError) {
      if (this.#hadoop && (await isOver(this.launch.applicationId, this.#hadoop, this.context.clock))) await this.#removeStaging();
    }
  }

  /** Whether YARN still listens to what we say of the end. */
  get #goesOn(): boolean {
    return !this.#failure || this.#failure instanceof JobsLostError || this.#failure instanceof TooManyFailedContainersError;
  }

  async #createDriver({ credentials, masterToken }: MasterCredentials): Promise<YarnDriver> {
    const { configuration, clock } = this.context;
    const logger = this.context.logger.named('session.yarn');
    const hadoop = await loadHadoopConfiguration(configuration);
    this.#hadoop = hadoop;
    const timeouts = { connectTimeoutMs: CONNECT_TIMEOUT_MS, callTimeoutMs: CALL_TIMEOUT_MS };
    const addresses = schedulerAddresses(hadoop);
    const resourceManager = new SchedulerClient(
      new SchedulerConnection({ addresses, token: masterToken, clock, logger, ...timeouts }),
      logger,
    );
    const launchContext = taskManagerLaunchContext(this.launch, configuration, credentials);
    const warning = heartbeatWarning(configuration, hadoop);
    if (warning !== undefined) logger.warn(warning);
    const settings = yarnDriverSettings(this.launch, configuration, hadoop);
    return new YarnDriver({
      ...settings,
      applicationStatus: (status) => (this.#failure ? 'FAILED' : settings.applicationStatus(status)),
      resourceManager,
      nodeManagers: new NodeManagerClient({ tokens: resourceManager.nmTokens, clock, ...timeouts }),
      launchContext: () => launchContext,
      diagnostics: () => this.#diagnostics,
      clock,
      logger,
    });
  }

  async #startJobManager(driver: YarnDriver): Promise<JobManager> {
    const { configuration, clock, logger } = this.context;
    const blobs = await BlobStore.open({
      directory: configuration.get(blobStorageDirectory),
      cleanupIntervalMs: configuration.get(blobServiceCleanupInterval),
      clock,
      logger: logger.named('runtime.blob'),
    });
    return await JobManager.start({
      settings: jobManagerSettings(configuration),
      clock,
      logger: logger.named('runtime.jobmanager'),
      files: this.files,
      blobs,
      driver,
      configuration,
      random: systemRandom,
      lostJobs: this.jobs.lost,
      onFatal: (error) => {
        this.#failure = error;
        const exitCode = this.#goesOn ? ApplicationExit.FAILED : ContainerExit.runtimeFailure;
        this.#end({ error, exitCode });
      },
      onJobAccepted: (jobId, name) => {
        this.jobs.accepted({ jobId, name });
      },
      onJobEnded: (result) => {
        this.#onJobEnded(result);
      },
    });
  }

  #onJobEnded({ jobId, state, failure }: JobResult): void {
    this.jobs.ended(jobId);
    this.#diagnostics = failure?.message ?? '';
    if (this.launch.mode === 'one-job') this.#end({ error: undefined, exitCode: ApplicationExit[state] });
  }

  /** Without high availability the jobs of the attempt before end with it; an application that was for them has failed. */
  #tellLostJobs(): void {
    const lost = describeLostJobs(this.jobs.lost);
    if (lost === undefined) return;
    this.context.logger.error(lost);
    this.#diagnostics = lost;
    // `main` of a program runs anew, and its jobs with it.
    if (this.launch.mode === 'session' || this.launch.mode === 'application') return;
    this.#failure = new JobsLostError(lost);
    this.#end({ error: this.#failure, exitCode: ApplicationExit.FAILED });
  }

  /** `main` of the program decides how long the application lives, and, with its jobs, how it ends. */
  async #runProgram(restPort: number): Promise<void> {
    const { configuration, logger } = this.context;
    logger.info('running main of the program');
    const outcome = await runShippedProgram(configuration, restPort, this.#closing.signal);
    logger.info(`the program has ended: ${outcome.kind}`);
    this.#programFailure = outcome.kind === 'failed' ? outcome.text : undefined;
    this.#end({ error: undefined, exitCode: outcome.kind === 'failed' ? ApplicationExit.FAILED : ApplicationExit.FINISHED });
  }

  /** The leader file comes first: TaskManagers that YARN starts look there. */
  async #announce({ control, web }: MasterDoors, driver: YarnDriver): Promise<void> {
    const host = process.env['NM_HOST'] ?? hostname();
    const leader = { attempt: attemptOf(process.env['CONTAINER_ID']), host, controlPort: control.port, restPort: web.port };
    await writeLeaderFile(this.files, this.launch.stagingDirectory, leader);
    await driver.register({ host, port: web.port, trackingUrl: `http://${host}:${web.port}` });
    this.context.logger.info('the ApplicationMaster is ready', { ...leader, applicationId: this.launch.applicationId });
  }

  async #closeDoors(): Promise<void> {
    await this.#doors?.web.close();
    await this.#doors?.control.close();
  }

  async #removeStaging(): Promise<void> {
    const { path, fileSystem } = this.files.resolve(this.launch.stagingDirectory);
    try {
      await fileSystem.delete(path, { recursive: true });
    } catch (error) {
      this.context.logger.error('could not remove the staging directory', { path, error: String(error) });
    }
  }
}

function attemptOf(containerId: string | undefined): number {
  const parsed = parseContainerId(containerId ?? '');
  if (!parsed) throw new ContainerEnvironmentError(`environment variable "CONTAINER_ID" is "${containerId ?? ''}"`);
  return parsed.attempt;
}
