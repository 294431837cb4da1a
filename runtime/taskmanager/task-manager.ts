import { availableParallelism, freemem, hostname, totalmem } from 'node:os';
import { type Clock, type FileSystems, InvariantError, type Logger, newTaskManagerId, type TaskManagerId } from '#core';
import type { BlobStore } from '../blob/blob-store.js';
import type { ControlConnection } from '../control/control-connection.js';
import { ConnectFailedError } from '../control/errors.js';
import type { ControlAnswer, ControlMessage, ControlRequest, Hardware, SlotRun, TaskManagerDescription } from '../control/messages.js';
import { serializeError } from '../control/serialized-error.js';
import { type ChannelNetwork, ChannelAllocator } from '../exchange/channel-allocator.js';
import { Doorbell } from '../exchange/doorbell.js';
import { NetworkMemory } from '../exchange/network-memory.js';
import type { ExchangeFailure } from '../exchange/network/network-thread.js';
import type { PrintListener } from '../jobmanager/job-manager-gateway.js';
import type { SlotReport } from '../task/deployment.js';
import { AbandonedOutput } from './abandoned-output.js';
import { type ConnectToJobManager, JobManagerLink } from './job-manager-link.js';
import { type JobBlobs, JobParts, type JobPrograms } from './job-parts.js';
import { LocalNetwork } from './local-network.js';
import type { SlotCarrierSource } from './slot-carrier-source.js';
import type { TaskManagerSettings } from './task-manager-settings.js';

/** How other TaskManagers get at this one's data. */
export interface DataPlane {
  readonly network: ChannelNetwork & {
    onFailure(callback: (failure: ExchangeFailure) => void): void;
    stop(): Promise<void>;
  };
  readonly port: number;
}

export interface TaskManagerOptions {
  /** Named by whoever started it, as YARN names its containers; else by its host. */
  readonly id?: TaskManagerId;
  readonly settings: TaskManagerSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly files: FileSystems;
  readonly connect: ConnectToJobManager;
  /** What follows belongs to the TaskManager from now on: it closes them. */
  readonly carriers: SlotCarrierSource;
  readonly blobs: JobBlobs & { readonly store: Pick<BlobStore, 'neighbourLost' | 'close'> };
  readonly programs: JobPrograms;
  /** undefined: no other TaskManager can reach this one, as in a local cluster. */
  readonly dataPlane: DataPlane | undefined;
  /** Where print sinks write. */
  readonly print: PrintListener;
  readonly logPath: string | undefined;
}

/**
 * Runs tasks in its slots for whatever JobManager it is registered at. When that one is lost, its tasks are ended at once, and the next
 * one is looked for.
 */
export class TaskManager {
  readonly id: TaskManagerId;
  /** Ends when the TaskManager has; throws what it could not go on with. */
  readonly ended: Promise<void>;
  /** Ends at the first registration, or with the TaskManager. */
  readonly registered: Promise<void>;
  readonly #parts: JobParts;
  readonly #link: JobManagerLink;
  readonly #abandoned: AbandonedOutput;
  #connection: ControlConnection | undefined;
  #tellRegistered: () => void = () => {};
  #fatal: Error | undefined;
  #stopping: Promise<void> | undefined;

  constructor(private readonly options: TaskManagerOptions) {
    const { settings, clock, logger, files, connect } = options;
    this.id = options.id ?? newTaskManagerId(settings.host ?? hostname());
    this.registered = new Promise((resolve) => {
      this.#tellRegistered = resolve;
    });
    this.#abandoned = new AbandonedOutput(files, logger);
    this.#parts = this.#newParts();
    this.#link = new JobManagerLink(
      { clock, logger, connect, maxRegistrationMs: settings.maxRegistrationMs, askTimeoutMs: settings.askTimeoutMs },
      {
        describe: (connection) => this.#describe(connection),
        hardware: () => this.#hardware(),
        handler: (connection) => this.#handler(connection),
        onRegistered: (connection, { jobManagerId }) => {
          this.#onRegistered(connection, jobManagerId);
        },
        onLost: () => this.#onLost(),
        onUnreachable: (error) => {
          if (isRefused(error)) void this.#abandoned.jobManagerGone();
        },
      },
    );
    options.dataPlane?.network.onFailure((failure) => {
      this.#onExchangeFailure(failure);
    });
    this.ended = this.#run();
    // Whoever is interested looks at it; it has been logged, and is no reason for the process to crash.
    this.ended.catch(() => undefined);
  }

  /**
   * Ends all tasks and everything that belongs to the TaskManager. The JobManager is told why, unless whoever keeps the process knows
   * better: then the connection ends `silently`.
   */
  async stop(reason: string, { silently = false }: { readonly silently?: boolean } = {}): Promise<void> {
    this.#stopping ??= this.#stop(reason, silently);
    await this.#stopping;
  }

  async #run(): Promise<void> {
    try {
      await this.#link.run();
    } catch (error) {
      this.#fatal ??= error instanceof Error ? error : new Error(String(error));
      this.options.logger.error('the TaskManager cannot go on', { error: this.#fatal.message });
    }
    await this.stop('it cannot go on');
    this.#tellRegistered();
    if (this.#fatal) throw this.#fatal;
  }

  async #stop(reason: string, silently: boolean): Promise<void> {
    this.options.logger.info('the TaskManager is stopping', { taskManagerId: this.id, reason });
    this.#link.stop(reason, silently);
    await this.#endAllJobs();
    await Promise.all([this.options.dataPlane?.network.stop(), this.options.carriers.close()]);
    await this.options.blobs.store.close();
  }

  async #endAllJobs(): Promise<void> {
    await Promise.all(this.#parts.jobs.map(({ jobId }) => this.#parts.jobEnded(jobId)));
  }

  #newParts(): JobParts {
    const { settings, clock, logger, carriers, blobs, programs, dataPlane } = this.options;
    const bells = Array.from({ length: settings.slots }, () => Doorbell.create());
    return new JobParts({
      taskManagerId: this.id,
      bells,
      blobs,
      programs,
      channels: new ChannelAllocator({
        taskManagerId: this.id,
        slotBells: bells,
        network: dataPlane?.network ?? new LocalNetwork(),
        memory: new NetworkMemory(settings.memory.networkBytes, settings.memory.segmentSizeBytes),
        buffersPerChannel: settings.buffersPerChannel,
        floatingBuffersPerGate: settings.floatingBuffersPerGate,
      }),
      configuration: settings.configuration,
      logger,
      runs: {
        clock,
        logger,
        carriers,
        cancellationIntervalMs: settings.cancellationIntervalMs,
        cancellationTimeoutMs: settings.cancellationTimeoutMs,
        report: (run, report) => {
          this.#report(run, report);
        },
      },
      onReleased: (run) => {
        this.#connection?.send({ type: 'slotReleased', ...run });
      },
    });
  }

  #describe(connection: ControlConnection): TaskManagerDescription {
    const { settings, dataPlane, logPath } = this.options;
    return {
      taskManagerId: this.id,
      host: settings.host ?? connection.localAddress ?? 'localhost',
      dataPort: dataPlane?.port ?? 0,
      pid: process.pid,
      slots: settings.slots,
      hardware: this.#hardware(),
      networkSegments: settings.memory.networkSegments,
      logPath,
    };
  }

  #hardware(): Hardware {
    return {
      cpuCores: availableParallelism(),
      physicalMemory: totalmem(),
      freeMemory: freemem(),
      managedMemory: this.options.settings.memory.managedBytes,
    };
  }

  #handler(connection: ControlConnection): {
    onMessage(message: ControlMessage): void;
    onRequest(request: ControlRequest): Promise<ControlAnswer>;
  } {
    this.#connection = connection;
    return {
      onMessage: (message) => {
        this.#onMessage(connection, message);
      },
      onRequest: (request) =>
        new Promise((resolve) => {
          resolve(this.#onRequest(connection, request));
        }),
    };
  }

  #onRequest(connection: ControlConnection, request: ControlRequest): ControlAnswer {
    if (request.type !== 'deployJob') throw new InvariantError(`a TaskManager does not answer "${request.type}"`);
    const { askTimeoutMs } = this.options.settings;
    this.#parts.deploy(request, (key, offset) => connection.request({ type: 'fetchBlob', key, offset }, askTimeoutMs));
    return { type: 'accepted' };
  }

  #onMessage(connection: ControlConnection, message: ControlMessage): void {
    switch (message.type) {
      case 'commandSlot': {
        const { jobId, attempt, slot, command } = message;
        // A run that is not here has ended, or never began: whoever cancels it need not wait.
        if (!this.#parts.command(message, command) && command.type === 'cancel') {
          connection.send({ type: 'slotReleased', jobId, attempt, slot });
        }
        return;
      }
      case 'attemptEnded':
        return this.#parts.attemptEnded(message);
      case 'jobEnded':
        return void this.#parts.jobEnded(message.jobId);
      case 'stopTaskManager':
        return void this.stop(message.reason);
      default:
        return this.options.logger.warn('the JobManager sent a message that is not for a TaskManager', { type: message.type });
    }
  }

  #report(run: SlotRun, report: SlotReport): void {
    if (report.type === 'print') return this.options.print(report.stream, report.text);
    if (report.type === 'log') {
      return this.options.logger[report.level](report.message, { jobId: run.jobId, slot: run.slot, ...report.context });
    }
    try {
      this.#connection?.send({ type: 'slotReported', ...run, report });
    } catch (error) {
      // Too large, or not plain data: what the program put into a report.
      this.#connection?.send({
        type: 'slotReported',
        ...run,
        report: { type: 'failed', subtask: undefined, error: serializeError(error) },
      });
    }
  }

  #onRegistered(connection: ControlConnection, jobManagerId: string): void {
    const {
      logger,
      settings: { slots },
    } = this.options;
    logger.info('registered at the JobManager', { taskManagerId: this.id, jobManager: connection.peer, slots });
    void this.#abandoned.jobManagerFound(jobManagerId);
    this.#tellRegistered();
  }

  async #onLost(): Promise<void> {
    this.options.blobs.store.neighbourLost();
    for (const { jobId, scratch } of this.#parts.jobs) this.#abandoned.add(jobId, scratch);
    await this.#endAllJobs();
  }

  #onExchangeFailure({ channels, error }: ExchangeFailure): void {
    this.#parts.channelsFailed(channels, error);
    if (channels.length > 0) return;
    this.#parts.allFailed(error);
    this.#fatal = error;
    void this.stop(error.message);
  }
}

/** The machine answers, and nobody listens at the port. */
function isRefused(error: unknown): boolean {
  const cause: unknown = error instanceof ConnectFailedError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
