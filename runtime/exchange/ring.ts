import { HeaderWord, invariant, Segment } from '#core';
import { Announcements, ANNOUNCEMENT_BYTES } from './announcements.js';
import type { Doorbell } from './doorbell.js';
import type { SegmentSource } from './segment-source.js';

/*
 * A channel's memory: segments that go round between one producer and one consumer, in one SharedArrayBuffer.
 *
 *              released           published
 *                 │                  │
 *   ──┬───────┬───▼───┬───────┬──────▼┬───────┬──
 *     │ free  │ ready │ ready │ ready │ open  │ free        0 <= published - released <= segmentCount
 *   ──┴───────┴───────┴───────┴───────┴───────┴──
 *               ▲ only the consumer    ▲ only the producer
 *
 * `published` and `released` count segments for ever (int32, wrapping) and are each written by one side only. A segment belongs to the
 * producer until `published` passes it, then to the consumer until `released` does; the atomic store is what hands its bytes over.
 *
 * Who runs out of room writes the number of free segments it wants into `roomWanted` and looks again; the consumer, after each release,
 * looks at `roomWanted` and rings once there are as many. Both orders of these steps end in a look that sees the room, or in a ring.
 *
 *   bytes 0 published │ 64 released │ 128 roomWanted │ 192 abandoned, segmentCount, segmentSize, announced │ 256 announcement │ slots …
 *   slot: 64 bytes left to the network thread, of which the last 8 are the frame prefix │ segment
 */
const PUBLISHED = 0;
const RELEASED = 16;
const ROOM_WANTED = 32;
const ABANDONED = 48;
const SEGMENT_COUNT = 49;
const SEGMENT_SIZE = 50;
const ANNOUNCED = 51;
const CONTROL_BYTES = 256;
const SLOTS_AT = CONTROL_BYTES + ANNOUNCEMENT_BYTES;
/** Bytes before each segment. */
const SLOT_PREFIX_BYTES = 64;
/** The bytes directly before a segment that a network thread may use, so that frame prefix and segment go out in one write. */
export const FRAME_PREFIX_BYTES = 8;

/** Memory for `segmentCount` segments of `segmentSizeBytes` (a multiple of 8) each, all free. */
export function createRing(segmentCount: number, segmentSizeBytes: number): SharedArrayBuffer {
  invariant(segmentCount >= 1, 'a ring has at least one segment');
  invariant(segmentSizeBytes % 8 === 0, 'a segment size is a multiple of 8');
  const ring = new SharedArrayBuffer(SLOTS_AT + segmentCount * (SLOT_PREFIX_BYTES + segmentSizeBytes));
  const control = new Int32Array(ring);
  control[SEGMENT_COUNT] = segmentCount;
  control[SEGMENT_SIZE] = segmentSizeBytes;
  return ring;
}

/** What both ends of a ring know. */
class RingEnd {
  readonly segmentCount: number;
  readonly segmentSizeBytes: number;
  protected readonly control: Int32Array;
  protected readonly segments: readonly Segment[];
  /** What overtakes the segments. */
  readonly announcements: Announcements;

  constructor(
    readonly memory: SharedArrayBuffer,
    protected readonly peerBell: Doorbell,
  ) {
    this.control = new Int32Array(memory, 0, CONTROL_BYTES >> 2);
    this.segmentCount = this.control[SEGMENT_COUNT]!;
    this.segmentSizeBytes = this.control[SEGMENT_SIZE]!;
    this.announcements = new Announcements(this.control, ANNOUNCED, new Segment(memory, CONTROL_BYTES, ANNOUNCEMENT_BYTES), peerBell);
    const stride = SLOT_PREFIX_BYTES + this.segmentSizeBytes;
    this.segments = Array.from(
      { length: this.segmentCount },
      (_, index) => new Segment(memory, SLOTS_AT + index * stride + SLOT_PREFIX_BYTES, this.segmentSizeBytes),
    );
  }

  /** Whether a side has given the channel up: its job has ended, or its connection is lost. */
  get abandoned(): boolean {
    return Atomics.load(this.control, ABANDONED) !== 0;
  }

  abandon(): void {
    Atomics.store(this.control, ABANDONED, 1);
    this.peerBell.ring();
  }
}

/** The end of a ring that fills segments. One for each ring, made while the ring is new. */
export class RingProducer extends RingEnd {
  #published = 0;
  /** As last seen; the real one may be further. */
  #released = 0;
  #index = 0;

  /** Segments that are not with the consumer, the acquired one included. */
  get free(): number {
    return this.segmentCount - ((this.#published - this.released) | 0);
  }

  /** Segments handed over so far; wraps at 2^31. */
  get published(): number {
    return this.#published;
  }

  /** Segments that the consumer has given back so far; wraps at 2^31. */
  get released(): number {
    this.#released = Atomics.load(this.control, RELEASED);
    return this.#released;
  }

  /** The published segments from number `from`, which was released at most a moment ago: to be read only, before anything is published. */
  *publishedFrom(from: number): Generator<Segment> {
    for (let back = (this.#published - from) | 0; back > 0; back--) {
      const index = this.#index - back;
      yield this.segments[index < 0 ? index + this.segmentCount : index]!;
    }
  }

  /** The segment to fill next: the same one until `publish`. Undefined while all are with the consumer. */
  acquire(): Segment | undefined {
    if (((this.#published - this.#released) | 0) >= this.segmentCount && this.free === 0) return undefined;
    return this.segments[this.#index];
  }

  /** Hands the acquired segment, which holds its byte length, to the consumer. */
  publish(): void {
    const { words } = this.segments[this.#index]!;
    words[HeaderWord.sequence] = this.#published;
    words[HeaderWord.backlog] = (this.#published - this.#released) | 0;
    this.#published = (this.#published + 1) | 0;
    this.#index = this.#index + 1 === this.segmentCount ? 0 : this.#index + 1;
    Atomics.store(this.control, PUBLISHED, this.#published);
    this.peerBell.ring();
  }

  /** Whether `wanted` segments are free. If not, the consumer will ring as soon as they are. */
  awaitRoom(wanted: number): boolean {
    if (this.free >= wanted) return true;
    Atomics.store(this.control, ROOM_WANTED, wanted);
    if (this.free < wanted) return false;
    Atomics.store(this.control, ROOM_WANTED, 0);
    return true;
  }
}

/** The end of a ring that empties segments. One for each ring, made while the ring is new. */
export class RingConsumer extends RingEnd implements SegmentSource {
  #released = 0;
  /** As last seen; the real one may be further. */
  #published = 0;
  #index = 0;

  /** Segments given back so far; wraps at 2^31. The oldest ready one has this number. */
  get released(): number {
    return this.#released;
  }

  /** Segments that are ready. */
  get backlog(): number {
    this.#published = Atomics.load(this.control, PUBLISHED);
    return (this.#published - this.#released) | 0;
  }

  /** The oldest ready segment, or the one `ahead` of it: the same until `release`. */
  peek(ahead = 0): Segment | undefined {
    if (((this.#published - this.#released) | 0) <= ahead && this.backlog <= ahead) return undefined;
    const index = this.#index + ahead;
    return this.segments[index < this.segmentCount ? index : index - this.segmentCount];
  }

  /** Gives the oldest ready segment back. */
  release(): void {
    this.#released = (this.#released + 1) | 0;
    this.#index = this.#index + 1 === this.segmentCount ? 0 : this.#index + 1;
    Atomics.store(this.control, RELEASED, this.#released);
    const wanted = Atomics.load(this.control, ROOM_WANTED);
    if (wanted !== 0 && this.segmentCount - this.backlog >= wanted) {
      Atomics.store(this.control, ROOM_WANTED, 0);
      this.peerBell.ring();
    }
  }
}
