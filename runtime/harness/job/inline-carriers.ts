import type { Clock } from '#core';
import { InlineCarrier } from '../../taskmanager/inline-carrier.js';
import type { SlotCarrier, SlotCarrierEvents } from '../../taskmanager/slot-carrier.js';
import type { SlotCarrierSource } from '../../taskmanager/slot-carrier-source.js';
import type { FaultInjector } from './fault-injector.js';

/** Carriers in the caller's thread, whose faults a test decides. */
export class InlineCarriers implements SlotCarrierSource {
  readonly #taken = new Set<InlineCarrier>();
  #muted = false;

  constructor(
    private readonly clock: Clock,
    private readonly faults: FaultInjector,
  ) {}

  take(events: SlotCarrierEvents): SlotCarrier {
    const carrier = new InlineCarrier(
      {
        onReport: (report) => {
          if (!this.#muted) events.onReport(this.faults.reported(report));
        },
      },
      this.clock,
      { instrument: this.faults.instrument },
    );
    this.#taken.add(carrier);
    return {
      send: (command) => {
        if (!this.#muted || command.type === 'cancel') carrier.send(command);
      },
      terminate: async () => {
        this.#taken.delete(carrier);
        await carrier.terminate();
      },
    };
  }

  /** Nothing goes in or out from now on. */
  mute(): void {
    this.#muted = true;
  }

  /** The slots look at their tasks, and at the time. */
  ring(): void {
    for (const carrier of this.#taken) carrier.look();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
