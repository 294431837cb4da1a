import { fileSystems, type Logger, type Random } from '#core';
import { Configuration } from '#conf';
import { ControlConnection } from '../../runtime/control/control-connection.js';
import { JobManager } from '../../runtime/jobmanager/job-manager.js';
import { jobManagerSettings } from '../../runtime/jobmanager/job-manager-settings.js';
import { standaloneDriver } from '../../runtime/jobmanager/resource-manager-driver.js';
import { InlineCarrier } from '../../runtime/taskmanager/inline-carrier.js';
import { TaskManager } from '../../runtime/taskmanager/task-manager.js';
import { taskManagerSettings } from '../../runtime/taskmanager/task-manager-settings.js';
import type { Main } from '../../runtime/harness/job/graph-of-main.js';
import type { Faults } from './faults.js';
import type { Scheduler, SimProcess } from './scheduler.js';
import { SimBlobStore, simBlobs, simPrograms } from './sim-blobs.js';
import { SimLinks } from './sim-links.js';
import { SimNetwork } from './sim-network.js';

export interface SimClusterOptions {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly logger: Logger;
  readonly configuration: Readonly<Record<string, string>>;
  readonly main: Main;
}

interface Worker {
  readonly process: SimProcess;
  readonly taskManager: TaskManager;
}

/** A JobManager and its TaskManagers, each a process of the simulation. */
export class SimCluster {
  readonly #jobManagerProcess: SimProcess = { name: 'jobmanager', alive: true };
  readonly #workers: Worker[] = [];
  readonly #links: SimLinks[] = [];
  #jobManager: JobManager | undefined;
  readonly #network: SimNetwork;
  #made = 0;

  constructor(private readonly options: SimClusterOptions) {
    this.#network = new SimNetwork(options.scheduler, options.faults);
  }

  get jobManager(): JobManager {
    if (this.#jobManager === undefined) throw new TypeError('the JobManager has not been started');
    return this.#jobManager;
  }

  get workers(): readonly Worker[] {
    return this.#workers;
  }

  get processes(): readonly SimProcess[] {
    return [this.#jobManagerProcess, ...this.#workers.map(({ process }) => process)];
  }

  async start(): Promise<void> {
    const { scheduler, random, logger } = this.options;
    const configuration = Configuration.of(this.options.configuration);
    scheduler.within(this.#jobManagerProcess, () => undefined);
    this.#jobManager = await JobManager.start({
      settings: jobManagerSettings(configuration),
      clock: scheduler.clockOf(this.#jobManagerProcess),
      logger,
      files: fileSystems,
      blobs: new SimBlobStore().store,
      driver: standaloneDriver,
      configuration,
      random,
    });
  }

  /** Has something done as the JobManager's process. */
  asJobManager<R>(work: (jobManager: JobManager) => R): R {
    return this.options.scheduler.within(this.#jobManagerProcess, () => work(this.jobManager));
  }

  addTaskManager(): void {
    const { scheduler, logger, configuration } = this.options;
    const process: SimProcess = { name: `taskmanager-${++this.#made}`, alive: true };
    const clock = scheduler.clockOf(process);
    const taskManager = scheduler.within(
      process,
      () =>
        new TaskManager({
          settings: taskManagerSettings(Configuration.of({ 'taskmanager.host': process.name, ...configuration })),
          clock,
          logger,
          files: fileSystems,
          carriers: { take: (events) => this.#carrier(process, events), close: () => Promise.resolve() },
          blobs: simBlobs(),
          programs: simPrograms,
          dataPlane: this.#network.open(process),
          print: () => undefined,
          logPath: undefined,
          connect: () => Promise.resolve(this.#connect(process)),
        }),
    );
    this.#workers.push({ process, taskManager });
  }

  /** One that has just lost the JobManager would look for another. */
  stopTaskManagers(): readonly Promise<void>[] {
    return this.#workers.map(({ process, taskManager }) =>
      this.options.scheduler.within(process, () => taskManager.stop('the simulation ends')),
    );
  }

  /** The process is gone, in the middle of whatever it did. */
  kill({ process }: Worker): void {
    this.options.scheduler.kill(process);
    this.#workers.splice(
      this.#workers.findIndex((worker) => worker.process === process),
      1,
    );
    this.#network.lose(process);
    this.cut(process);
  }

  /** The connection to the JobManager breaks. */
  cut(process: SimProcess): void {
    for (const link of this.#links) if (link.joins(process)) link.cut();
  }

  #carrier(process: SimProcess, events: ConstructorParameters<typeof InlineCarrier>[0]): InlineCarrier {
    const { scheduler, main } = this.options;
    return new InlineCarrier(events, scheduler.clockOf(process), {
      runLoop: (body, bell) => scheduler.runLoop(process, body, bell),
      importProgram: async () => {
        await main();
        return {};
      },
    });
  }

  #connect(process: SimProcess): ControlConnection {
    const { scheduler, faults } = this.options;
    const links = new SimLinks(scheduler, faults, this.#jobManagerProcess, process);
    this.#links.push(links);
    const [atJobManager, atTaskManager] = links.ends;
    scheduler.after(this.#jobManagerProcess, faults.linkMs(), 'connection', () => {
      this.jobManager.accept(new ControlConnection(atJobManager, scheduler.clockOf(this.#jobManagerProcess)));
    });
    return new ControlConnection(atTaskManager, scheduler.clockOf(process));
  }
}
