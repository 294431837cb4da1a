import net from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock, type Clock, type JobId } from '#core';
import { attemptPrefix, type ChannelId } from '../channel-id.js';
import { Doorbell } from '../doorbell.js';
import { RingConsumer, RingProducer } from '../ring.js';
import { type ConnectData, connectOverTcp, ConsumerConnection, type ConnectionTarget } from './consumer-connection.js';
import { listenOnFreePort } from './data-port.js';
import type { FailureCause, NetworkOptions, NetworkReport } from './messages.js';
import { OutboundRegistry } from './outbound-registry.js';
import { ProducerConnection } from './producer-connection.js';

/**
 * The data exchange of a TaskManager with others. Sockets wake it through the event loop, slots through its bell:
 *
 * ```
 *   slot publishes a segment ──ring──▶ pump: segments with credit ─▶ sockets
 *   slot releases segments   ──ring──▶ grant: credits ─▶ sockets
 *   credit arrives                   ─▶ pump that channel
 *   segment arrives                  ─▶ ring of the channel ──ring──▶ slot
 * ```
 */
export class NetworkLoop {
  readonly #server = net.createServer((socket) => {
    this.accept(socket);
  });
  readonly #producerSide = new Set<ProducerConnection>();
  /** By host and port. */
  readonly #consumerSide = new Map<string, ConsumerConnection>();
  readonly #inbound = new Map<ChannelId, ConsumerConnection>();
  readonly #outbound: OutboundRegistry;
  #stopped = false;

  constructor(
    private readonly options: NetworkOptions,
    readonly bell: Doorbell,
    private readonly report: (report: NetworkReport) => void,
    clock: Clock = systemClock,
    private readonly connect: ConnectData = connectOverTcp,
  ) {
    this.#outbound = new OutboundRegistry(clock, options.producerTimeoutMs);
  }

  /** Listens; answers the port. Throws `DataPortUnavailableError`. */
  start(): Promise<number> {
    return listenOnFreePort(this.#server, this.options.bindHost, this.options.portRange);
  }

  /** Serves the rings until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const seen = this.bell.rings;
      if (this.pass()) await nextTurn();
      else await this.bell.waitBeyond(seen, Number.POSITIVE_INFINITY);
    }
  }

  registerOutbound(id: ChannelId, ring: SharedArrayBuffer, slotBell: SharedArrayBuffer): void {
    this.#outbound.register(id, new RingConsumer(ring, new Doorbell(slotBell)));
  }

  registerInbound(id: ChannelId, target: ConnectionTarget, ring: SharedArrayBuffer, slotBell: SharedArrayBuffer): void {
    const connection = this.#connect(target);
    this.#inbound.set(id, connection);
    connection.request(id, new RingProducer(ring, new Doorbell(slotBell)));
  }

  /** Ends the channels of an attempt; connections that carry nothing any more are closed. */
  release(jobId: JobId, attempt: number): void {
    const prefix = attemptPrefix(jobId, attempt);
    this.#outbound.release(prefix);
    for (const [id, connection] of this.#inbound) {
      if (!id.startsWith(prefix)) continue;
      this.#inbound.delete(id);
      connection.cancel(id);
      if (connection.idle) this.#drop(connection);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#server.close();
    for (const connection of this.#producerSide) connection.destroy('the TaskManager stops');
    for (const connection of this.#consumerSide.values()) connection.destroy('the TaskManager stops');
    this.bell.ring();
  }

  get ended(): boolean {
    return this.#stopped;
  }

  /** It waits for its bell and its sockets only. */
  nextDueMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Sends what is ready, and grants the credits of segments that were given back. Answers whether there were any. */
  pass(): boolean {
    let progress = false;
    for (const connection of this.#producerSide) progress = connection.pump() || progress;
    for (const connection of this.#consumerSide.values()) progress = connection.grant() || progress;
    return progress;
  }

  /** A connection of another TaskManager, which will ask for channels. */
  accept(socket: net.Socket): void {
    const connection = new ProducerConnection(
      socket,
      this.options,
      {
        requested: (from, channel, id, credit) => {
          this.#outbound.request(from, channel, id, credit);
        },
        cancelled: (from, channel) => {
          this.#outbound.cancel(from, channel);
        },
        refused: (address, reason) => {
          this.#log('warn', 'data connection refused', { address, reason });
        },
        closed: (from, name, unfinished, reason) => {
          this.#producerSide.delete(from);
          this.#outbound.disconnected(from);
          if (name !== undefined) this.#fail(unfinished, { kind: 'connectionLost', address: name, reason });
        },
      },
      this.options.loginTimeoutMs,
    );
    this.#producerSide.add(connection);
  }

  #connect(target: ConnectionTarget): ConsumerConnection {
    const key = `${target.host}:${target.port}`;
    const known = this.#consumerSide.get(key);
    if (known) return known;
    const connection = new ConsumerConnection(
      target,
      this.options,
      this.options.name,
      {
        rejected: (id, address, reason) => {
          this.#fail([id], { kind: 'notDeployed', address, reason });
        },
        closed: (from, unfinished, reason) => {
          if (this.#consumerSide.get(key) === from) this.#consumerSide.delete(key);
          for (const [id, connected] of this.#inbound) if (connected === from) this.#inbound.delete(id);
          this.#fail(unfinished, { kind: 'connectionLost', address: from.address, reason });
        },
      },
      this.options.loginTimeoutMs,
      this.connect,
    );
    this.#consumerSide.set(key, connection);
    return connection;
  }

  #drop(connection: ConsumerConnection): void {
    this.#consumerSide.delete(connection.address);
    connection.end();
  }

  #fail(channels: readonly ChannelId[], cause: FailureCause): void {
    if (channels.length > 0 && !this.#stopped) this.report({ type: 'failed', channels, cause });
  }

  #log(level: 'info' | 'warn', message: string, context: Readonly<Record<string, string>>): void {
    if (!this.#stopped) this.report({ type: 'log', level, message, context });
  }
}
