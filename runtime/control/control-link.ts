import type { Envelope } from './messages.js';

/** What becomes of the envelopes of a link. */
export interface LinkEvents {
  onEnvelope(envelope: Envelope): void;
  /** Once, at the end; nothing comes after it. Not called when this side closed the link. */
  onClosed(cause: Error): void;
}

/** Carries envelopes between two ends, in order. One implementation stays in the process, one is a TCP socket. */
export interface ControlLink {
  /** Names the other end in messages for people. */
  readonly peer: string;
  /** The address by which the other end can reach this machine; undefined within a process. */
  readonly localAddress: string | undefined;
  /** Begins to hand over what comes in; what came before waited. */
  open(events: LinkEvents): void;
  /** Never throws for a link that has ended: the envelope is dropped and `onClosed` tells. Throws `MessageTooLargeError`. */
  post(envelope: Envelope): void;
  /** Ends the link when everything posted has been handed to the other side's system. */
  close(): void;
  /** Ends the link at once: the other side is not expected to listen. */
  destroy(): void;
}
