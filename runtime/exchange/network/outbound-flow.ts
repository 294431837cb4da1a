import type { Socket } from 'node:net';
import type { Segment } from '#core';
import type { ChannelId } from '../channel-id.js';
import { holdsEndOfInput } from '../end-of-input.js';
import { FRAME_PREFIX_BYTES, type RingConsumer } from '../ring.js';
import { controlFrame, FrameKind, kindAndChannel } from './frame.js';

/**
 * Sends the segments of one ring over a connection, straight from shared memory, one credit each.
 *
 * ```
 *   ring   released ─▶│ in flight │ ready, waiting for credit │◀─ published
 * ```
 * A segment in flight belongs to the socket: it is released when its write has completed, in order.
 */
export class OutboundFlow {
  #inFlight = 0;
  #open = true;
  /** Whether the last segment in flight ends the channel; then losing the connection does no harm. */
  #endSent = false;

  constructor(
    readonly id: ChannelId,
    private readonly channel: number,
    private readonly ring: RingConsumer,
    private readonly socket: Socket,
    private credit: number,
  ) {}

  /** Whether everything up to the end of input was written. */
  get ended(): boolean {
    return this.#endSent && this.#inFlight === 0;
  }

  grant(credit: number): void {
    this.credit += credit;
  }

  close(): void {
    this.#open = false;
  }

  /** The consumer is lost: tells the producer that nobody takes what it sends. */
  abandon(): void {
    this.close();
    this.ring.abandon();
  }

  /** Sends what is ready and has credit. Answers whether there was any. */
  pump(): boolean {
    if (!this.#open) return false;
    let sent = this.#announce();
    while (this.credit > 0) {
      const segment = this.ring.peek(this.#inFlight);
      if (segment === undefined) break;
      this.#send(segment);
      sent = true;
    }
    return sent;
  }

  #announce(): boolean {
    const announcement = this.ring.announcements.takeBytes();
    if (announcement === undefined) return false;
    this.socket.write(controlFrame(FrameKind.announcement, this.channel, announcement));
    return true;
  }

  #send(segment: Segment): void {
    const { memory, offset, byteLength } = segment;
    const prefix = new Int32Array(memory, offset - FRAME_PREFIX_BYTES, 2);
    prefix[0] = byteLength;
    prefix[1] = kindAndChannel(FrameKind.data, this.channel);
    this.credit--;
    this.#inFlight++;
    if (holdsEndOfInput(segment)) this.#endSent = true;
    this.socket.write(Buffer.from(memory, offset - FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES + byteLength), this.#written);
  }

  readonly #written = (error?: Error | null): void => {
    this.#inFlight--;
    if (!error) this.ring.release();
  };
}
