import net from 'node:net';
import type { ChannelId } from '../channel-id.js';
import type { RingProducer } from '../ring.js';
import { controlFrame, creditFrame, FrameKind, MAX_CHANNEL_NUMBER, requestFrame } from './frame.js';
import { FrameReader, type FrameSink } from './frame-reader.js';
import { HandshakeClient, type Credentials } from './handshake.js';
import { InboundFlow } from './inbound-flow.js';
import { ProtocolError } from './protocol-error.js';

/** What a connection of the consuming side tells its owner. */
export interface ConsumerConnectionEvents {
  rejected(id: ChannelId, address: string, reason: string): void;
  /** Gone. `unfinished` are the channels whose end has not arrived. */
  closed(connection: ConsumerConnection, unfinished: readonly ChannelId[], reason: string): void;
}

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
}

/** Where what comes in is put, and who is told of it. */
export interface ReceivingBuffer {
  readonly buffer: Uint8Array;
  readonly callback: (length: number, bytes: Uint8Array) => boolean;
}

/** Opens a connection to the data port of another TaskManager. */
export type ConnectData = (target: ConnectionTarget, onread: ReceivingBuffer) => net.Socket;

export function connectOverTcp(target: ConnectionTarget, onread: ReceivingBuffer): net.Socket {
  return net.connect({ ...target, onread, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
}

/** Bytes taken from the kernel at once: several segments, so that a read costs little for each. */
const READ_BYTES = 256 * 1024;

/** The connection to a producing TaskManager, as the consuming side sees it: requests and credits go out, segments come in. */
export class ConsumerConnection implements FrameSink {
  readonly #flows = new Map<number, InboundFlow>();
  readonly #channels = new Map<ChannelId, number>();
  readonly #reader = new FrameReader(this);
  readonly #handshake: HandshakeClient;
  readonly #socket: net.Socket;
  #nextChannel = 0;
  #loggedIn = false;
  #reason = 'closed by the other side';

  constructor(
    private readonly target: ConnectionTarget,
    credentials: Credentials,
    name: string,
    private readonly events: ConsumerConnectionEvents,
    loginTimeoutMs: number,
    connect: ConnectData,
  ) {
    this.#handshake = new HandshakeClient(credentials, name);
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length: number, bytes: Uint8Array) => this.#receive(bytes, length),
    };
    this.#socket = connect(target, onread);
    this.#socket.setTimeout(loginTimeoutMs, () => {
      this.destroy('it did not answer in time');
    });
    this.#socket.on('error', (error) => {
      this.#reason = error.message;
    });
    this.#socket.on('close', () => {
      this.#close();
    });
  }

  get address(): string {
    return `${this.target.host}:${this.target.port}`;
  }

  get idle(): boolean {
    return this.#flows.size === 0;
  }

  /** Asks for a channel; its segments will be put into `ring`. */
  request(id: ChannelId, ring: RingProducer): void {
    const channel = this.#freeChannelNumber();
    const flow = new InboundFlow(id, ring);
    this.#flows.set(channel, flow);
    this.#channels.set(id, channel);
    if (this.#loggedIn) this.#request(channel, flow);
  }

  cancel(id: ChannelId): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    this.#channels.delete(id);
    this.#flows.delete(channel);
    if (this.#loggedIn) this.#socket.write(controlFrame(FrameKind.cancel, channel));
  }

  /** Grants the credits of segments that were given back. Answers whether there were any. */
  grant(): boolean {
    if (!this.#loggedIn) return false;
    let granted = false;
    this.#socket.cork();
    for (const [channel, flow] of this.#flows) {
      const credit = flow.grant();
      if (credit === 0) continue;
      granted = true;
      this.#socket.write(creditFrame(channel, credit));
    }
    this.#socket.uncork();
    return granted;
  }

  /** Ends the connection after what was written. */
  end(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  destroy(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  place(channel: number, length: number): Uint8Array | undefined {
    if (!this.#loggedIn) throw new ProtocolError('a segment before the login');
    return this.#flows.get(channel)?.place(length);
  }

  placed(channel: number): void {
    this.#flows.get(channel)?.placed();
  }

  control(kind: FrameKind, channel: number, body: Buffer): void {
    if (kind === FrameKind.refused) throw new ProtocolError(`refused: ${body.toString()}`);
    else if (this.#loggedIn && kind === FrameKind.announcement) this.#flows.get(channel)?.announced(body);
    else if (this.#loggedIn && kind === FrameKind.rejected) this.#rejected(channel, body.toString());
    else if (!this.#loggedIn && kind === FrameKind.hello) this.#socket.write(this.#handshake.login(body));
    else if (!this.#loggedIn && kind === FrameKind.welcome) this.#welcome(body);
    else throw new ProtocolError(`an unexpected frame of kind ${kind}`);
  }

  #receive(bytes: Uint8Array, length: number): boolean {
    try {
      this.#reader.push(bytes, length);
      this.grant();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.destroy(error.what);
    }
    return true;
  }

  #welcome(body: Buffer): void {
    this.#handshake.welcome(body);
    this.#loggedIn = true;
    this.#socket.setTimeout(0);
    for (const [channel, flow] of this.#flows) this.#request(channel, flow);
  }

  #request(channel: number, flow: InboundFlow): void {
    this.#socket.write(requestFrame(channel, flow.initialCredit, flow.id));
  }

  #rejected(channel: number, reason: string): void {
    const flow = this.#flows.get(channel);
    if (flow === undefined) return;
    this.#flows.delete(channel);
    this.#channels.delete(flow.id);
    this.events.rejected(flow.id, this.address, reason);
  }

  /** Numbers are used again only after all others, long after the last segment of the old channel has come. */
  #freeChannelNumber(): number {
    while (this.#flows.has(this.#nextChannel)) this.#nextChannel = (this.#nextChannel + 1) & MAX_CHANNEL_NUMBER;
    const channel = this.#nextChannel;
    this.#nextChannel = (channel + 1) & MAX_CHANNEL_NUMBER;
    return channel;
  }

  #close(): void {
    const unfinished = [...this.#flows.values()].filter((flow) => !flow.ended);
    for (const flow of unfinished) flow.abandon();
    this.#flows.clear();
    this.#channels.clear();
    const ids = unfinished.map(({ id }) => id);
    this.events.closed(this, ids, this.#reason);
  }
}
