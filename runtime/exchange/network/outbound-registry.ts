import type { Clock, Timer } from '#core';
import type { ChannelId } from '../channel-id.js';
import type { RingConsumer } from '../ring.js';
import type { ProducerConnection } from './producer-connection.js';

interface Request {
  readonly connection: ProducerConnection;
  readonly channel: number;
  readonly credit: number;
  readonly timer: Timer;
}

interface Served {
  readonly connection: ProducerConnection;
  readonly channel: number;
}

/**
 * Brings together the rings of producers deployed here and the requests of consumers elsewhere, whichever comes first.
 * A request that waits too long for its producer is rejected.
 */
export class OutboundRegistry {
  readonly #rings = new Map<ChannelId, RingConsumer>();
  readonly #served = new Map<ChannelId, Served>();
  readonly #waiting = new Map<ChannelId, Request>();

  constructor(
    private readonly clock: Clock,
    private readonly producerTimeoutMs: number,
  ) {}

  /** A producer is deployed. */
  register(id: ChannelId, ring: RingConsumer): void {
    this.#rings.set(id, ring);
    const request = this.#take(id);
    if (request) this.#serve(id, ring, request, request.credit);
  }

  request(connection: ProducerConnection, channel: number, id: ChannelId, credit: number): void {
    const ring = this.#rings.get(id);
    if (this.#served.has(id) || this.#waiting.has(id)) connection.reject(channel, 'it was requested before');
    else if (ring) this.#serve(id, ring, { connection, channel }, credit);
    else {
      const timer = this.clock.setTimer(
        this.producerTimeoutMs,
        () => {
          this.#expire(id);
        },
        { background: true },
      );
      this.#waiting.set(id, { connection, channel, credit, timer });
    }
  }

  cancel(connection: ProducerConnection, channel: number): void {
    for (const [id, served] of this.#served) {
      if (served.connection === connection && served.channel === channel) this.#served.delete(id);
    }
    for (const [id, request] of this.#waiting) {
      if (request.connection === connection && request.channel === channel) this.#take(id);
    }
  }

  /** Forgets what a closed connection asked for. */
  disconnected(connection: ProducerConnection): void {
    for (const [id, served] of this.#served) if (served.connection === connection) this.#served.delete(id);
    for (const [id, request] of this.#waiting) if (request.connection === connection) this.#take(id);
  }

  /** Ends all channels whose id starts with `prefix`. */
  release(prefix: string): void {
    for (const id of this.#rings.keys()) {
      if (!id.startsWith(prefix)) continue;
      this.#rings.delete(id);
      const served = this.#served.get(id);
      served?.connection.stopServing(served.channel);
      this.#served.delete(id);
    }
  }

  #serve(id: ChannelId, ring: RingConsumer, to: Served, credit: number): void {
    this.#served.set(id, { connection: to.connection, channel: to.channel });
    to.connection.serve(to.channel, id, ring, credit);
  }

  #expire(id: ChannelId): void {
    const request = this.#take(id);
    request?.connection.reject(request.channel, `its producer was not deployed within ${this.producerTimeoutMs} ms`);
  }

  #take(id: ChannelId): Request | undefined {
    const request = this.#waiting.get(id);
    request?.timer.cancel();
    this.#waiting.delete(id);
    return request;
  }
}
