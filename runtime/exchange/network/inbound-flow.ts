import type { Segment } from '#core';
import type { ChannelId } from '../channel-id.js';
import { holdsEndOfInput } from '../end-of-input.js';
import type { RingProducer } from '../ring.js';
import { ProtocolError } from './protocol-error.js';

/**
 * Puts the segments of one channel into its ring as they arrive. Credit is what keeps the sender from sending more than there is room for:
 * `credits at the sender + segments with the consumer <= segments of the ring`, so an arriving segment always finds a free one.
 */
export class InboundFlow {
  /** Credits that the sender has, or segments that are under way. */
  #outstanding: number;
  #segment: Segment | undefined;
  #ended = false;
  /** Credits are worth a message when there are so many. */
  readonly #batch: number;

  constructor(
    readonly id: ChannelId,
    private readonly ring: RingProducer,
  ) {
    this.#outstanding = ring.segmentCount;
    this.#batch = Math.max(1, ring.segmentCount >> 1);
  }

  /** What the request grants. */
  get initialCredit(): number {
    return this.ring.segmentCount;
  }

  /** Whether the end of input has arrived. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The producer is lost: tells the consumer that nothing more will come. */
  abandon(): void {
    this.ring.abandon();
  }

  /** Memory for a segment of `length` bytes. Throws {@link ProtocolError}. */
  place(length: number): Uint8Array {
    const segment = this.#outstanding > 0 ? this.ring.acquire() : undefined;
    if (segment === undefined) throw new ProtocolError(`a segment without credit on channel ${this.id}`);
    if (length > segment.sizeBytes) {
      throw new ProtocolError(
        `a segment of ${length} bytes on channel ${this.id}, where "taskmanager.memory.segment-size" is ${segment.sizeBytes}`,
      );
    }
    this.#segment = segment;
    return segment.bytes;
  }

  /** The segment placed last is complete. */
  placed(): void {
    const segment = this.#segment!;
    if (holdsEndOfInput(segment)) this.#ended = true;
    this.#outstanding--;
    this.ring.publish();
  }

  /** An event has overtaken what is under way. @param bytes valid during the call. */
  announced(bytes: Buffer): void {
    this.ring.announcements.postBytes(bytes);
  }

  /** Credits to send now; 0 while too few segments are free to be worth a message. Then the consumer rings when they are. */
  grant(): number {
    for (;;) {
      const credit = this.ring.free - this.#outstanding;
      if (credit >= this.#batch) {
        this.#outstanding += credit;
        return credit;
      }
      const wanted = this.#outstanding + this.#batch;
      if (wanted > this.ring.segmentCount || !this.ring.awaitRoom(wanted)) return 0;
    }
  }
}
