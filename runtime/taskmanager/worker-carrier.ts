import { type ResourceLimits, Worker } from 'node:worker_threads';
import { FlinkError } from '#core';
import type { SlotCommand, SlotReport } from '../task/deployment.js';
import type { SlotThreadSetup } from '../task/slot-thread-setup.js';
import { slotWorkerUrl } from '../task/slot-worker-url.js';
import { THREAD_CODE_RANGE_MB } from '../thread-code-range.js';
import { SlotOutOfMemoryError, SlotThreadCrashedError, SlotThreadExitedError } from './errors.js';
import type { SlotCarrier, SlotCarrierEvents } from './slot-carrier.js';

export interface SlotThreadOptions {
  /** Module that the thread begins with, for tests. */
  readonly entry?: URL | undefined;
  readonly setup?: SlotThreadSetup | undefined;
  /** Called with the id of the thread when it has ended, however it did. */
  readonly threadEnded?: ((threadId: number) => void) | undefined;
}

/** Runs a slot in a worker thread of its own. Started at once; keeps the process alive only while it is taken. */
export class WorkerCarrier implements SlotCarrier {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #events: SlotCarrierEvents | undefined;
  #expected = false;
  /** Why it ended before it was taken. */
  #early: Error | undefined;

  constructor(
    private readonly maxHeapMb: number,
    { entry = slotWorkerUrl, setup, threadEnded = () => undefined }: SlotThreadOptions = {},
  ) {
    const resourceLimits: ResourceLimits = { maxOldGenerationSizeMb: maxHeapMb, codeRangeSizeMb: THREAD_CODE_RANGE_MB };
    this.#worker = new Worker(entry, { name: 'slot', resourceLimits, workerData: setup ?? null });
    // Once it has ended, it has no id any more.
    const { threadId } = this.#worker;
    this.#worker.on('message', (report: SlotReport) => {
      this.#events?.onReport(report);
    });
    this.#worker.once('error', (error) => {
      this.#ended(this.#explain(error));
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        resolve();
        threadEnded(threadId);
        this.#ended(new SlotThreadExitedError(code));
      });
    });
    // After the listeners: one for messages keeps the process alive.
    this.#worker.unref();
  }

  /** Begins to report. To be called once, before anything is sent. */
  taken(events: SlotCarrierEvents): this {
    this.#events = events;
    this.#worker.ref();
    const early = this.#early;
    if (early) {
      queueMicrotask(() => {
        events.onExit(early);
      });
    }
    return this;
  }

  send(command: SlotCommand): void {
    this.#worker.postMessage(command);
  }

  async terminate(): Promise<void> {
    this.#expected = true;
    await this.#worker.terminate();
    await this.#exited;
  }

  #ended(cause: Error): void {
    if (this.#expected) return;
    this.#expected = true;
    if (this.#events) this.#events.onExit(cause);
    else this.#early = cause;
  }

  #explain(error: unknown): Error {
    const cause = error instanceof Error ? error : new Error(String(error));
    if ('code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY') return new SlotOutOfMemoryError(this.maxHeapMb, cause);
    return cause instanceof FlinkError ? cause : new SlotThreadCrashedError(cause);
  }
}
