import type { Clock, Timer } from '#core';
import type { SlotCarrier, SlotCarrierEvents } from './slot-carrier.js';
import type { SlotCarrierSource } from './slot-carrier-source.js';
import { LEAST_SLOT_HEAP_MB } from './task-manager-settings.js';
import { type SlotThreadOptions, WorkerCarrier } from './worker-carrier.js';

export interface WorkerPoolOptions extends SlotThreadOptions {
  /** How many threads wait to be taken. Each costs some megabytes; one that waits saves tens of milliseconds. */
  readonly warm: number;
  /** Heap limit of a thread. */
  readonly maxHeapMb: number;
  readonly clock: Clock;
}

/** After how long threads are started in place of those taken: not while a job needs the processor to start. */
const REFILL_MS = 2000;

/** Worker threads for slots, a few of them started before they are needed. */
export class WorkerPool implements SlotCarrierSource {
  readonly #warm: WorkerCarrier[] = [];
  #refill: Timer | undefined;
  #closed = false;

  constructor(private readonly options: WorkerPoolOptions) {
    this.#fill();
  }

  take(events: SlotCarrierEvents, sharedBy: number): SlotCarrier {
    // Those that wait have the memory of a whole slot.
    if (sharedBy > 1) return this.#start(sharedBy).taken(events);
    this.#refill ??= this.options.clock.setTimer(
      REFILL_MS,
      () => {
        this.#refill = undefined;
        this.#fill();
      },
      { background: true },
    );
    return (this.#warm.shift() ?? this.#start()).taken(events);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#refill?.cancel();
    await Promise.all(this.#warm.splice(0).map((carrier) => carrier.terminate()));
  }

  #fill(): void {
    while (!this.#closed && this.#warm.length < this.options.warm) this.#warm.push(this.#start());
  }

  #start(sharedBy = 1): WorkerCarrier {
    const { maxHeapMb } = this.options;
    return new WorkerCarrier(Math.min(maxHeapMb, Math.max(LEAST_SLOT_HEAP_MB, Math.floor(maxHeapMb / sharedBy))), this.options);
  }
}
