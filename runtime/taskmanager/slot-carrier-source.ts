import type { SlotCarrier, SlotCarrierEvents } from './slot-carrier.js';

/** Where a TaskManager takes the carriers of its slots from: worker threads, or, in tests, its own thread. */
export interface SlotCarrierSource {
  /** A fresh carrier, which may be sent `deploy` at once. @param sharedBy how many carriers share the memory of the slot. */
  take(events: SlotCarrierEvents, sharedBy: number): SlotCarrier;
  /** Ends what waits to be taken; those that were taken are ended by who took them. */
  close(): Promise<void>;
}
