import type { Clock, Logger, TaskManagerId } from '#core';
import type { FinalStatus, ResourceManagerDriver, SlotDemand, WorkerEvents } from '#runtime';
import { formatAddress } from '../rpc/open-socket.js';
import type { NodeManagerClient } from '../rpc/node-manager-client.js';
import type { Allocation, ApplicationMasterAddress, ApplicationStatus, SchedulerClient } from '../rpc/scheduler-client.js';
import type { LaunchContextMessage } from '../rpc/yarn-messages.js';
import type { Container } from '../rpc/yarn-nouns.js';
import { ContainerTooLargeError, TooManyFailedContainersError } from './errors.js';
import { describeEnd } from './exit-statuses.js';
import { HeartbeatLoop, type HeartbeatSettings } from './heartbeat-loop.js';
import { IdleWorkers } from './idle-workers.js';
import { unregister } from './unregister.js';
import { type LedgerSettings, type WorkerEnd, WorkerLedger } from './worker-ledger.js';

export interface YarnDriverOptions {
  readonly resourceManager: SchedulerClient;
  readonly nodeManagers: Pick<NodeManagerClient, 'start'>;
  /** How the TaskManager of a container is started. */
  readonly launchContext: (container: Container) => LaunchContextMessage;
  readonly workers: LedgerSettings;
  readonly heartbeats: HeartbeatSettings;
  /** With how many failed containers more than this the session ends; undefined: the number asked for; negative: no limit. */
  readonly maximumFailed: number | undefined;
  /** How long a TaskManager that was asked for on demand may be idle. */
  readonly idleTimeoutMs: number;
  /** How long a container may take until its TaskManager has registered. */
  readonly registrationTimeoutMs: number;
  /** The final status of the application, by that of its jobs. */
  readonly applicationStatus: (status: FinalStatus) => ApplicationStatus;
  /** What is to be said of that end. */
  readonly diagnostics: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often idle and unregistered TaskManagers are looked for. */
const SURVEY_MS = 1000;
/** NodeManagers report every second unless told otherwise. */
const EXPLAINED_WITHIN_MS = 5000;

/** TaskManagers in containers of YARN: asks for them, starts them, replaces those that are lost, and lets go those that are not needed. */
export class YarnDriver implements ResourceManagerDriver {
  readonly fixedSlots: number | undefined;
  readonly #ledger: WorkerLedger;
  readonly #idle = new IdleWorkers();
  #events: WorkerEvents | undefined;
  #loop: HeartbeatLoop | undefined;
  #trackingUrl = '';
  #failure: Error | undefined;
  #finished = false;
  #unexplainedUntilMs = 0;

  constructor(private readonly options: YarnDriverOptions) {
    const { fixedWorkers, slotsPerWorker } = options.workers;
    this.fixedSlots = fixedWorkers === undefined ? undefined : fixedWorkers * slotsPerWorker;
    this.#ledger = new WorkerLedger(options.workers);
  }

  start(events: WorkerEvents): Promise<void> {
    this.#events = events;
    return Promise.resolve();
  }

  /** Makes itself known to the ResourceManager, and begins to ask for containers. */
  async register(address: ApplicationMasterAddress): Promise<void> {
    const { resourceManager, workers, heartbeats, clock, logger } = this.options;
    this.#trackingUrl = address.trackingUrl;
    const { maximum, previous } = await resourceManager.register(address);
    const { memoryMb, vcores } = workers.resource;
    if (memoryMb > maximum.memoryMb || vcores > maximum.vcores) {
      throw new ContainerTooLargeError(memoryMb, maximum.memoryMb, vcores, maximum.vcores);
    }
    logger.info('registered at the ResourceManager', { ...address });
    if (previous.length > 0) logger.info('taking over containers', { containers: previous.map(({ name }) => name) });
    this.#ledger.recover(previous, clock.monotonicMs());
    this.#loop = new HeartbeatLoop(
      resourceManager,
      heartbeats,
      {
        next: () => this.#ledger.heartbeat(),
        onAnswer: (allocation) => {
          this.#onAnswer(allocation);
        },
        isBusy: () => this.#isBusy,
        onEnd: (error) => {
          this.#fail(error);
        },
      },
      clock,
      logger,
    );
    this.#survey();
  }

  onDemand(demand: SlotDemand): void {
    const { clock, logger } = this.options;
    for (const { name } of this.#ledger.demand(demand)) logger.info('releasing the container of a lost TaskManager', { container: name });
    this.#idle.update(demand, clock.monotonicMs());
    if (this.#ledger.hasNews) this.#loop?.hurry();
  }

  /** Only those in containers that YARN says are ours: on a lost node, others may go on for a while. */
  accepts(taskManagerId: TaskManagerId): boolean {
    return this.#ledger.has(taskManagerId);
  }

  /** YARN tells of the end of a container within a heartbeat of its node and one of ours, which then come often. */
  explainsWithinMs(taskManagerId: TaskManagerId): number {
    if (this.#finished || !this.#ledger.has(taskManagerId)) return 0;
    this.#unexplainedUntilMs = this.options.clock.monotonicMs() + EXPLAINED_WITHIN_MS;
    this.#loop?.hurry();
    return EXPLAINED_WITHIN_MS;
  }

  async finish(status: FinalStatus, diagnostics: string): Promise<void> {
    const { resourceManager, applicationStatus, diagnostics: ofApplication, clock, logger } = this.options;
    this.#finished = true;
    await this.#loop?.stop();
    const failure = this.#failure;
    // One who was dismissed, or has lost the ResourceManager, has nothing to tell.
    const known = failure === undefined || failure instanceof TooManyFailedContainersError;
    if (this.#loop && known) {
      const [final, text] = failure
        ? (['FAILED', failure.message] as const)
        : ([applicationStatus(status), diagnostics || ofApplication()] as const);
      await unregister(resourceManager, { status: final, diagnostics: text, trackingUrl: this.#trackingUrl }, clock, logger);
    }
    resourceManager.close();
  }

  get #isBusy(): boolean {
    return this.#ledger.wanted > 0 || this.#ledger.hasNews || this.options.clock.monotonicMs() < this.#unexplainedUntilMs;
  }

  #onAnswer({ resync, allocated, completed }: Allocation): void {
    if (resync) {
      this.#ledger.resync();
      return;
    }
    const started = this.#ledger.allocated(allocated, this.options.clock.monotonicMs());
    const surplus = allocated.length - started.length;
    if (surplus > 0) this.options.logger.info('giving back containers that are not needed', { surplus });
    for (const container of started) void this.#start(container);
    for (const status of completed) {
      const end = this.#ledger.completed(status);
      if (end) this.#onCompleted(end);
    }
  }

  async #start(container: Container): Promise<void> {
    const { nodeManagers, launchContext, logger } = this.options;
    const facts = { container: container.name, node: formatAddress(container.node) };
    logger.info('starting a TaskManager', { ...facts, memoryMb: container.resource.memoryMb, vcores: container.resource.vcores });
    try {
      const [refused] = await nodeManagers.start(container.node, [{ container, context: launchContext(container) }]);
      if (refused) throw refused.error;
    } catch (error) {
      if (this.#finished) return;
      const cause = error instanceof Error ? error.message : String(error);
      const reason = `Could not start TaskManager in container ${container.name}: ${cause}`;
      logger.error(reason, facts);
      this.#ledger.startFailed(container.name);
      this.#checkFailures(reason);
      this.#loop?.hurry();
    }
  }

  #onCompleted({ status, expected, failed }: WorkerEnd): void {
    const { logger } = this.options;
    if (expected) {
      logger.info('a container that was released has ended', { container: status.name, exitStatus: status.exitStatus });
      return;
    }
    const reason = describeEnd(status);
    logger.warn(reason, { container: status.name });
    this.#events?.onWorkerLost(status.name as TaskManagerId, reason);
    if (failed) this.#checkFailures(reason);
  }

  #checkFailures(reason: string): void {
    const { failures, mostWanted } = this.#ledger;
    const maximum = this.options.maximumFailed ?? mostWanted;
    if (maximum >= 0 && failures > maximum) this.#fail(new TooManyFailedContainersError(failures, maximum, reason));
  }

  #fail(error: Error): void {
    if (this.#failure || this.#finished) return;
    this.#failure = error;
    this.options.logger.error(error.message);
    this.#events?.onFatal(error);
  }

  #survey(): void {
    if (this.#finished) return;
    this.#releaseIdle();
    this.#releaseSilent();
    this.options.clock.setTimer(
      SURVEY_MS,
      () => {
        this.#survey();
      },
      { background: true },
    );
  }

  #releaseIdle(): void {
    const { workers, idleTimeoutMs, clock, logger } = this.options;
    if (workers.fixedWorkers !== undefined) return;
    for (const id of this.#idle.for(idleTimeoutMs, clock.monotonicMs())) {
      const reason = `it was idle for ${idleTimeoutMs} ms`;
      if (!this.#events?.releaseIdle(id, reason)) continue;
      logger.info('releasing an idle TaskManager', { container: id });
      this.#ledger.release(id);
      this.#loop?.hurry();
    }
  }

  #releaseSilent(): void {
    const { registrationTimeoutMs, clock, logger } = this.options;
    for (const { container, sinceMs } of this.#ledger.starting) {
      if (clock.monotonicMs() - sinceMs < registrationTimeoutMs) continue;
      const reason = `The TaskManager in container ${container.name} has not registered within ${registrationTimeoutMs} ms`;
      logger.warn(reason, { container: container.name, node: formatAddress(container.node) });
      this.#ledger.startFailed(container.name);
      this.#checkFailures(reason);
      this.#loop?.hurry();
    }
  }
}
