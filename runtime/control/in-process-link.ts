import { ControlConnectionLostError } from './errors.js';
import type { ControlLink, LinkEvents } from './control-link.js';
import type { Envelope } from './messages.js';

export interface InProcessLinkOptions {
  readonly names?: readonly [string, string];
  /** What is done to an envelope on its way; tests copy it, to see that it is plain data. */
  readonly carry?: (envelope: Envelope) => Envelope;
}

/** Two ends of a link within the process. Envelopes are handed over as they are, each in a microtask of its own. */
export function inProcessLinks(options: InProcessLinkOptions = {}): readonly [ControlLink, ControlLink] {
  const [first, second] = options.names ?? ['the JobManager in this process', 'the TaskManager in this process'];
  const carry = options.carry ?? ((envelope: Envelope) => envelope);
  const near = new InProcessLink(second, carry);
  const far = new InProcessLink(first, carry);
  near.other = far;
  far.other = near;
  return [near, far];
}

class InProcessLink implements ControlLink {
  readonly localAddress = undefined;
  other: InProcessLink | undefined;
  #events: LinkEvents | undefined;
  readonly #waiting: Envelope[] = [];
  #ended = false;
  #closedBefore = false;

  constructor(
    readonly peer: string,
    private readonly carry: (envelope: Envelope) => Envelope,
  ) {}

  open(events: LinkEvents): void {
    this.#events = events;
    for (const envelope of this.#waiting.splice(0)) {
      queueMicrotask(() => {
        this.#receive(envelope);
      });
    }
    if (this.#closedBefore) {
      queueMicrotask(() => {
        this.#otherClosed();
      });
    }
  }

  post(envelope: Envelope): void {
    if (this.#ended) return;
    const carried = this.carry(envelope);
    queueMicrotask(() => {
      this.other!.#receive(carried);
    });
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    queueMicrotask(() => {
      this.other!.#otherClosed();
    });
  }

  destroy(): void {
    this.close();
  }

  #receive(envelope: Envelope): void {
    if (this.#ended) return;
    if (this.#events) this.#events.onEnvelope(envelope);
    else this.#waiting.push(envelope);
  }

  #otherClosed(): void {
    if (this.#ended) return;
    if (!this.#events) {
      this.#closedBefore = true;
      return;
    }
    this.#ended = true;
    this.#events.onClosed(new ControlConnectionLostError(this.peer, 'the connection broke off'));
  }
}
