import type { Socket } from 'node:net';
import type { ControlLink, LinkEvents } from './control-link.js';
import { decodeEnvelope, encodeEnvelope } from './envelope-codec.js';
import { ControlConnectionLostError } from './errors.js';
import { PayloadReader } from './framing.js';
import type { Envelope } from './messages.js';

/** How long the other side may be silent once this side has ended. */
const CLOSING_MS = 1000;

/** A link over a connected socket whose handshake is done. */
export class TcpLink implements ControlLink {
  readonly localAddress: string | undefined;
  readonly #reader: PayloadReader;
  #events: LinkEvents | undefined;
  #ended = false;
  #cause: Error | undefined;

  constructor(
    readonly peer: string,
    private readonly socket: Socket,
    private readonly limitBytes: number,
  ) {
    this.localAddress = socket.localAddress;
    this.#reader = new PayloadReader(limitBytes);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('error', (error) => {
      this.#cause = new ControlConnectionLostError(this.peer, error.message, error);
    });
    socket.on('close', () => {
      this.#lost();
    });
  }

  open(events: LinkEvents): void {
    this.#events = events;
    this.socket.on('data', (chunk) => {
      this.#receive(chunk);
    });
    this.socket.resume();
    if (this.socket.destroyed) {
      queueMicrotask(() => {
        this.#lost();
      });
    }
  }

  post(envelope: Envelope): void {
    const frame = encodeEnvelope(envelope, this.limitBytes);
    if (!this.#ended && this.socket.writable) this.socket.write(frame);
  }

  close(): void {
    this.#ended = true;
    this.socket.end();
    // A peer that neither reads nor ends must not hold the socket.
    this.socket.setTimeout(CLOSING_MS, () => {
      this.socket.destroy();
    });
    this.socket.resume();
  }

  destroy(): void {
    this.#ended = true;
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
      for (let payload = this.#reader.next(); payload !== undefined && !this.#ended; payload = this.#reader.next()) {
        this.#events?.onEnvelope(decodeEnvelope(payload));
      }
    } catch (error) {
      this.#cause = error instanceof Error ? error : new Error(String(error));
      this.socket.destroy();
    }
  }

  #lost(): void {
    if (this.#ended || !this.#events) return;
    this.#ended = true;
    this.#events.onClosed(this.#cause ?? new ControlConnectionLostError(this.peer, 'the connection broke off'));
  }
}
