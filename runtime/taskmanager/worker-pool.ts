import type { Clock, Timer } from '#core';
import type { SlotCarrier, SlotCarrierEvents } from './slot-carrier.js';
import type { SlotCarrierSource } from './slot-carrier-source.js';
import { LEAST_SLOT_HEAP_MB } from './task-manager-settings.js';
import { type SlotThreadOptions, WorkerCarrier } from './worker-carrier.js';

export interface WorkerPoolOptions extends SlotThreadOptions {
  /** How many threads wait to be taken, at most. Each costs some megabytes; one that waits saves tens of milliseconds. */
  readonly warm: number;
  /** While so many threads are in use, none waits. */
  readonly slots: number;
  /** Heap limit of a thread. */
  readonly maxHeapMb: number;
  readonly clock: Clock;
}

/** After how long threads are started in place of those taken, or for slots that are free again: not while a job needs the processor. */
const REFILL_MS = 2000;

/** Worker threads for slots, a few of them started before they are needed. */
export class WorkerPool implements SlotCarrierSource {
  readonly #warm: WorkerCarrier[] = [];
  readonly #inUse = new Set<WorkerCarrier>();
  #refill: Timer | undefined;
  #closed = false;

  constructor(private readonly options: WorkerPoolOptions) {
    this.#fill();
  }

  take(events: SlotCarrierEvents, sharedBy: number): SlotCarrier {
    // Those that wait have the memory of a whole slot.
    const carrier = (sharedBy === 1 ? this.#warm.shift() : undefined) ?? this.#start(sharedBy);
    this.#inUse.add(carrier);
    this.#fillLater();
    return carrier.taken(events);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#refill?.cancel();
    await Promise.all(this.#warm.splice(0).map((carrier) => carrier.terminate()));
  }

  #fillLater(): void {
    if (this.#closed) return;
    const refill = (): void => {
      this.#refill = undefined;
      this.#fill();
    };
    this.#refill ??= this.options.clock.setTimer(REFILL_MS, refill, { background: true });
  }

  #fill(): void {
    const { warm, slots } = this.options;
    while (!this.#closed && this.#warm.length < Math.min(warm, slots - this.#inUse.size)) this.#warm.push(this.#start());
  }

  #start(sharedBy = 1): WorkerCarrier {
    const { maxHeapMb } = this.options;
    const heapMb = Math.min(maxHeapMb, Math.max(LEAST_SLOT_HEAP_MB, Math.floor(maxHeapMb / sharedBy)));
    const carrier = new WorkerCarrier(heapMb, {
      ...this.options,
      threadEnded: (threadId) => {
        this.options.threadEnded?.(threadId);
        if (this.#inUse.delete(carrier)) this.#fillLater();
      },
    });
    return carrier;
  }
}
