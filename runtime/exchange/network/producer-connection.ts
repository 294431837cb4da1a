import type { Socket } from 'node:net';
import type { ChannelId } from '../channel-id.js';
import type { RingConsumer } from '../ring.js';
import { controlFrame, FrameKind } from './frame.js';
import { FrameReader, type FrameSink } from './frame-reader.js';
import { HandshakeServer, type Credentials } from './handshake.js';
import { OutboundFlow } from './outbound-flow.js';
import { ProtocolError } from './protocol-error.js';

/** What a connection of the producing side tells its owner. */
export interface ProducerConnectionEvents {
  /** The consumer asks for a channel: `serve` it now or later, or `reject` it. */
  requested(connection: ProducerConnection, channel: number, id: ChannelId, credit: number): void;
  cancelled(connection: ProducerConnection, channel: number): void;
  /** The connection was turned away before it was one. */
  refused(address: string, reason: string): void;
  /** Gone. `unfinished` are the channels whose end was not sent; undefined `name`: before the login. */
  closed(connection: ProducerConnection, name: string | undefined, unfinished: readonly ChannelId[], reason: string): void;
}

/** A connection from a consuming TaskManager, as the producing side sees it: login, then requests and credits come in, segments go out. */
export class ProducerConnection implements FrameSink {
  readonly #flows = new Map<number, OutboundFlow>();
  readonly #handshake: HandshakeServer;
  readonly #reader = new FrameReader(this);
  #name: string | undefined;
  #reason = 'closed by the other side';

  constructor(
    private readonly socket: Socket,
    credentials: Credentials,
    private readonly events: ProducerConnectionEvents,
    loginTimeoutMs: number,
  ) {
    this.#handshake = new HandshakeServer(credentials);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.setTimeout(loginTimeoutMs, () => {
      this.#refuse('it did not log in in time');
    });
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('error', (error) => {
      this.#reason = error.message;
    });
    socket.on('close', () => {
      this.#close();
    });
    socket.write(this.#handshake.hello());
  }

  get address(): string {
    return this.#name ?? `${this.socket.remoteAddress ?? 'unknown'}:${this.socket.remotePort ?? 0}`;
  }

  /** Starts to send a channel that was requested. */
  serve(channel: number, id: ChannelId, ring: RingConsumer, credit: number): void {
    const flow = new OutboundFlow(id, channel, ring, this.socket, credit);
    this.#flows.set(channel, flow);
    flow.pump();
  }

  reject(channel: number, reason: string): void {
    this.socket.write(controlFrame(FrameKind.rejected, channel, Buffer.from(reason)));
  }

  stopServing(channel: number): void {
    this.#flows.get(channel)?.close();
    this.#flows.delete(channel);
  }

  /** Sends what became ready on any channel. Answers whether there was any. */
  pump(): boolean {
    let sent = false;
    this.socket.cork();
    for (const flow of this.#flows.values()) sent = flow.pump() || sent;
    this.socket.uncork();
    return sent;
  }

  destroy(reason: string): void {
    this.#reason = reason;
    this.socket.destroy();
  }

  place(): undefined {
    throw new ProtocolError('a segment from the consuming side');
  }

  placed(): void {
    throw new ProtocolError('a segment from the consuming side');
  }

  control(kind: FrameKind, channel: number, body: Buffer): void {
    if (this.#name === undefined) this.#login(kind, body);
    else if (kind === FrameKind.credit && body.length === 4) this.#credit(channel, body.readUInt32LE(0));
    else if (kind === FrameKind.request && body.length > 4) {
      this.events.requested(this, channel, body.toString('utf8', 4) as ChannelId, body.readUInt32LE(0));
    } else if (kind === FrameKind.cancel) {
      this.events.cancelled(this, channel);
      this.stopServing(channel);
    } else throw new ProtocolError(`an unexpected frame of kind ${kind}`);
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk, chunk.length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuse(error.what);
    }
  }

  #login(kind: FrameKind, body: Buffer): void {
    if (kind !== FrameKind.login) throw new ProtocolError('the other side is no TaskManager');
    const { welcome, name } = this.#handshake.accept(body);
    this.#name = name;
    this.socket.setTimeout(0);
    this.socket.write(welcome);
  }

  #credit(channel: number, credit: number): void {
    const flow = this.#flows.get(channel);
    flow?.grant(credit);
    flow?.pump();
  }

  #refuse(reason: string): void {
    this.#reason = reason;
    this.events.refused(this.address, reason);
    this.socket.removeAllListeners('data');
    this.socket.resume();
    this.socket.end(controlFrame(FrameKind.refused, 0, Buffer.from(reason)));
    this.socket.setTimeout(1000, () => {
      this.socket.destroy();
    });
  }

  #close(): void {
    const unfinished = [...this.#flows.values()].filter((flow) => !flow.ended);
    for (const flow of unfinished) flow.abandon();
    this.#flows.clear();
    const ids = unfinished.map(({ id }) => id);
    this.events.closed(this, this.#name, ids, this.#reason);
  }
}
