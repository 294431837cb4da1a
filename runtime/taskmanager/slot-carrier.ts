import type { SlotCommand, SlotReport } from '../task/deployment.js';

/**
 * What runs the tasks of one slot for one job: a fresh worker thread, or, for tests, the caller's own thread.
 * After `deploy` it reports until `ended`; a carrier is never reused.
 */
export interface SlotCarrier {
  send(command: SlotCommand): void;
  /** Stops at once, whatever the tasks do. Ends when the thread is gone. */
  terminate(): Promise<void>;
}

export interface SlotCarrierEvents {
  onReport(report: SlotReport): void;
  /** The thread ended by itself: an error, out of memory, or process.exit in user code. */
  onExit(cause: Error): void;
}
