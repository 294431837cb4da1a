import { Worker } from 'node:worker_threads';
import { type FlinkError, InvariantError, type JobId, type Logger } from '#core';
import { RemoteError } from '../../control/serialized-error.js';
import type { ChannelId } from '../channel-id.js';
import { Doorbell } from '../doorbell.js';
import { THREAD_CODE_RANGE_MB } from '../../thread-code-range.js';
import { ConnectionLostError, NetworkThreadFailedError, ProducerNotDeployedError } from '../errors.js';
import type { FailureCause, NetworkCommand, NetworkOptions, NetworkReport } from './messages.js';
import type { NetworkWorkerData } from './network-worker.js';

/** Channels that broke, and why. With no channels: the network thread itself is gone. */
export interface ExchangeFailure {
  readonly channels: readonly ChannelId[];
  readonly error: FlinkError;
}

export type NetworkThreadOptions = Omit<NetworkOptions, 'producerTimeoutMs' | 'loginTimeoutMs'> & Partial<NetworkOptions>;

const DEFAULT_TIMEOUTS = { producerTimeoutMs: 30_000, loginTimeoutMs: 10_000 };

/**
 * The network thread, as the TaskManager's main thread sees it. It moves segments between the rings registered here and other TaskManagers.
 *
 * @example
 * const { network, port } = await NetworkThread.start({ bindHost, portRange, clusterId, secret, name }, logger);
 * network.registerOutbound(id, ring, slotBell);
 */
export class NetworkThread {
  /** What the slots ring at as the other side of remote channels. */
  readonly bell: Doorbell;
  #onFailure: (failure: ExchangeFailure) => void = () => {};
  #stopping = false;
  readonly #exited: Promise<void>;

  private constructor(
    private readonly worker: Worker,
    bell: Doorbell,
    private readonly logger: Logger,
  ) {
    this.bell = bell;
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        resolve();
      });
    });
  }

  /** Starts the thread and listens. Throws `DataPortUnavailableError` (as a {@link RemoteError}). */
  static async start(options: NetworkThreadOptions, logger: Logger): Promise<{ readonly network: NetworkThread; readonly port: number }> {
    const bell = Doorbell.create();
    const workerData: NetworkWorkerData = { options: { ...DEFAULT_TIMEOUTS, ...options }, bell: bell.memory };
    const worker = new Worker(new URL('./network-worker.js', import.meta.url), {
      workerData,
      name: 'network',
      resourceLimits: { codeRangeSizeMb: THREAD_CODE_RANGE_MB },
    });
    const network = new NetworkThread(worker, bell, logger);
    return { network, port: await network.#started() };
  }

  /** A slot here produces into `ring`; its consumer, in another TaskManager, will ask for it by `id`. */
  registerOutbound(id: ChannelId, ring: SharedArrayBuffer, slotBell: Doorbell): void {
    this.#command({ type: 'registerOutbound', id, ring, slotBell: slotBell.memory });
  }

  /** A slot here consumes from `ring`; its producer is served by the TaskManager at `host` and `port`. */
  registerInbound(id: ChannelId, host: string, port: number, ring: SharedArrayBuffer, slotBell: Doorbell): void {
    this.#command({ type: 'registerInbound', id, target: { host, port }, ring, slotBell: slotBell.memory });
  }

  release(jobId: JobId, attempt: number): void {
    this.#command({ type: 'release', jobId, attempt });
  }

  onFailure(callback: (failure: ExchangeFailure) => void): void {
    this.#onFailure = callback;
  }

  /** Closes all connections and ends the thread. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#command({ type: 'stop' });
    await this.#exited;
  }

  #command(command: NetworkCommand): void {
    this.worker.postMessage(command);
  }

  #started(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.worker.on('message', (report: NetworkReport) => {
        if (report.type === 'started') resolve(report.port);
        else if (report.type === 'startFailed') reject(new RemoteError(report.error));
        else this.#handle(report);
      });
      this.worker.once('error', (error) => {
        reject(error);
        this.#onFailure({ channels: [], error: new NetworkThreadFailedError(error) });
      });
      this.worker.once('exit', (code) => {
        if (!this.#stopping) reject(new InvariantError(`the network thread ended with code ${code}`));
      });
    });
  }

  #handle(report: NetworkReport): void {
    if (report.type === 'failed') this.#onFailure({ channels: report.channels, error: exchangeError(report.channels, report.cause) });
    else if (report.type === 'log') this.logger[report.level](report.message, report.context);
  }
}

/** What the network thread reports, as an error. */
export function exchangeError(channels: readonly ChannelId[], cause: FailureCause): FlinkError {
  return cause.kind === 'connectionLost'
    ? new ConnectionLostError(cause.address, cause.reason)
    : new ProducerNotDeployedError(cause.address, channels[0] ?? '', cause.reason);
}
