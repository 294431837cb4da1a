import { type Clock, FlinkError, type Logger, type Timer } from '#core';
import type { Allocation, Heartbeat, SchedulerClient } from '../rpc/scheduler-client.js';
import { ResourceManagerLostError } from './errors.js';

export interface HeartbeatSettings {
  /** Between two heartbeats with nothing to wait for. */
  readonly intervalMs: number;
  /** Between two while containers are awaited. The first ones come sooner. */
  readonly busyIntervalMs: number;
  /** How long the ResourceManager may be away. */
  readonly maxWaitMs: number;
}

export interface HeartbeatOwner {
  next(): Heartbeat;
  onAnswer(allocation: Allocation): void;
  /** Whether containers are awaited. */
  isBusy(): boolean;
  /** The loop has ended: the ResourceManager is gone, or wants nothing of us any more. */
  onEnd(error: Error): void;
}

const FIRST_BUSY_MS = 100;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 2000;

/** Talks to the ResourceManager at intervals, one heartbeat after the other, and waits for it when it is away. */
export class HeartbeatLoop {
  readonly #ended: Promise<void>;
  #stopped = false;
  #busyMs = FIRST_BUSY_MS;
  #wake: () => void = () => {};

  constructor(
    private readonly client: Pick<SchedulerClient, 'heartbeat'>,
    private readonly settings: HeartbeatSettings,
    private readonly owner: HeartbeatOwner,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#ended = this.#run().catch((error: unknown) => {
      if (!this.#stopped) owner.onEnd(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** There is news: the next heartbeat goes out at once. */
  hurry(): void {
    this.#busyMs = FIRST_BUSY_MS;
    this.#wake();
  }

  /** Ends when no heartbeat is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const allocation = await this.#heartbeat();
      if (!allocation) return;
      this.owner.onAnswer(allocation);
      await this.#pause(this.#interval());
    }
  }

  #interval(): number {
    const { intervalMs, busyIntervalMs } = this.settings;
    if (!this.owner.isBusy()) {
      this.#busyMs = FIRST_BUSY_MS;
      return intervalMs;
    }
    const interval = Math.min(this.#busyMs, busyIntervalMs, intervalMs);
    this.#busyMs *= 2;
    return interval;
  }

  /** undefined: the loop was stopped. */
  async #heartbeat(): Promise<Allocation | undefined> {
    const beganMs = this.clock.monotonicMs();
    for (let delayMs = FIRST_RETRY_MS; !this.#stopped; delayMs = Math.min(LONGEST_RETRY_MS, delayMs * 2)) {
      try {
        return await this.client.heartbeat(() => this.owner.next());
      } catch (error) {
        if (!(error instanceof FlinkError) || !error.retriable) throw error;
        const waitedMs = Math.round(this.clock.monotonicMs() - beganMs);
        if (waitedMs > this.settings.maxWaitMs) throw new ResourceManagerLostError(waitedMs, error);
        if (delayMs === FIRST_RETRY_MS) this.logger.warn('waiting for the ResourceManager', { reason: error.message });
        await this.#pause(delayMs);
      }
    }
    return undefined;
  }

  async #pause(delayMs: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer: Timer = this.clock.setTimer(delayMs, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
