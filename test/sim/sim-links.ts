import { ControlConnectionLostError } from '../../runtime/control/errors.js';
import type { ControlLink, LinkEvents } from '../../runtime/control/control-link.js';
import type { Envelope } from '../../runtime/control/messages.js';
import type { Faults } from './faults.js';
import type { Scheduler, SimProcess } from './scheduler.js';

type Arrival = { readonly envelope: Envelope } | 'closed';

/** Two ends of a control link between processes. Messages take time, and keep their order. */
export class SimLinks {
  readonly ends: readonly [ControlLink, ControlLink];
  readonly #first: LinkEnd;
  readonly #second: LinkEnd;

  constructor(scheduler: Scheduler, faults: Faults, first: SimProcess, second: SimProcess) {
    this.#first = new LinkEnd(scheduler, faults, first, second.name);
    this.#second = new LinkEnd(scheduler, faults, second, first.name);
    this.#first.other = this.#second;
    this.#second.other = this.#first;
    this.ends = [this.#first, this.#second];
  }

  joins(process: SimProcess): boolean {
    return this.#first.process === process || this.#second.process === process;
  }

  /** What is under way is lost, and both ends hear of it. */
  cut(): void {
    this.#first.lose();
    this.#second.lose();
  }
}

class LinkEnd implements ControlLink {
  readonly localAddress = undefined;
  other: LinkEnd | undefined;
  #events: LinkEvents | undefined;
  #arriving: Arrival[] = [];
  readonly #waiting: Arrival[] = [];
  #ended = false;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    readonly process: SimProcess,
    readonly peer: string,
  ) {}

  open(events: LinkEvents): void {
    this.#events = events;
    // What came before this goes before what is under way.
    const before = this.#waiting.splice(0);
    this.#arriving.unshift(...before);
    before.forEach(() => {
      this.#step(0);
    });
  }

  post(envelope: Envelope): void {
    if (!this.#ended) this.other!.#later({ envelope: structuredClone(envelope) }, this.faults.linkMs());
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.other!.#later('closed', this.faults.linkMs());
  }

  destroy(): void {
    this.close();
  }

  lose(): void {
    this.#arriving = [];
    this.#later('closed', this.faults.linkMs());
  }

  /** Each arrival is a step, which takes the first of those that wait: so they keep their order. */
  #later(arrival: Arrival, delayMs: number): void {
    this.#arriving.push(arrival);
    this.#step(delayMs);
  }

  #step(delayMs: number): void {
    this.scheduler.after(this.process, delayMs, `message from ${this.peer}`, () => {
      const next = this.#arriving.shift();
      if (next !== undefined) this.#arrive(next);
    });
  }

  #arrive(arrival: Arrival): void {
    if (this.#ended) return;
    if (this.#events === undefined) return void this.#waiting.push(arrival);
    if (arrival !== 'closed') return this.#events.onEnvelope(arrival.envelope);
    this.#ended = true;
    this.#events.onClosed(new ControlConnectionLostError(this.peer, 'the connection broke off'));
  }
}
