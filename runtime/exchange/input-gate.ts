import type { LookAhead, ReadGate, RecordConsumer, StreamEvent, TypeInfo } from '#core';
import type { ChannelEnd } from '../task/deployment.js';
import type { Announcement, Announcements } from './announcements.js';
import { ChannelReader } from './channel-reader.js';
import { Doorbell } from './doorbell.js';
import { RingConsumer } from './ring.js';
import { RowReaders } from './row-readers.js';
import { type GateOrder, TimeOrder } from './time-order.js';

export interface InputGateOptions {
  /** In the order of `producersOf`. */
  readonly channels: readonly ChannelEnd[];
  /** Declared type of the records; the producers know the same. */
  readonly type: TypeInfo | undefined;
  /** Called for every event but those of the exchange itself, between records, `EndOfInput` included. May block channels. */
  readonly onEvent: (channel: number, event: StreamEvent) => void;
  /** Whether barriers may overtake records: then announcements are looked for, and channels can be recorded. */
  readonly overtaking?: boolean;
  /** Is shown rows before they are handed out. */
  readonly look?: LookAhead | undefined;
  /** What keeps the gate's channels together, and with those of the subtask's other gates. Without, none is ever held. */
  readonly order?: TimeOrder;
}

/** The receiving side of one in-edge of a subtask. Takes segments from its channels in the order of event time, else in turn. */
export class InputGate {
  readonly #channels: readonly ChannelReader[];
  readonly #announcements: readonly Announcements[];
  readonly #order: GateOrder<ChannelReader>;
  /** The channel that has a segment of which a part was taken. */
  #current: ChannelReader | undefined;
  #finished = 0;

  constructor(options: InputGateOptions) {
    const readers = new RowReaders(options.type, options.look);
    const rings = options.channels.map(({ ring, peerBell }) => new RingConsumer(ring, new Doorbell(peerBell)));
    this.#announcements = options.overtaking === true ? rings.map(({ announcements }) => announcements) : [];
    this.#channels = rings.map((ring, index) => {
      const onEvent = (event: StreamEvent): void => {
        if (event.kind === 'endOfInput') this.#finished++;
        options.onEvent(index, event);
      };
      const channel = new ChannelReader(ring, readers, onEvent);
      if (options.overtaking === true) channel.prepareRecording();
      return channel;
    });
    this.#order = (options.order ?? new TimeOrder()).gate(this.#channels);
  }

  /**
   * Hands out records and events of at most `maxSegments` segments, fewer when `gate.blocked` is set or a barrier is announced; the next
   * call goes on after the record that set it. Answers whether there was any.
   */
  poll(consume: RecordConsumer, gate: ReadGate, maxSegments: number): boolean {
    let left = maxSegments;
    while (left > 0 && !gate.blocked && !this.announced) {
      const channel = this.#current ?? this.#order.next();
      if (channel?.poll(consume, gate) !== true) break;
      left--;
      this.#current = channel.midSegment ? channel : undefined;
      if (this.#current === undefined) this.#order.taken();
    }
    return left < maxSegments;
  }

  /** Whether a barrier is ahead of its records. */
  get announced(): boolean {
    for (const announcements of this.#announcements) if (announcements.waiting) return true;
    return false;
  }

  /** Hands out barriers that are ahead of their records, between two records. */
  takeAnnouncements(take: (channel: number, announcement: Announcement) => void): void {
    for (let channel = 0; channel < this.#announcements.length; channel++) {
      const announcement = this.#announcements[channel]!.take();
      if (announcement !== undefined) take(channel, announcement);
    }
  }

  /** Only where barriers may overtake. */
  channel(index: number): Pick<ChannelReader, 'position' | 'record' | 'finished'> {
    return this.#channels[index]!;
  }

  /** Whether `poll` has something to hand out. */
  get hasData(): boolean {
    return this.#channels.some((channel) => channel.hasData);
  }

  get channelCount(): number {
    return this.#channels.length;
  }

  /** Channels whose end of input was handed out. */
  get finishedChannels(): number {
    return this.#finished;
  }

  /** Whether every channel has ended. */
  get finished(): boolean {
    return this.#finished === this.#channels.length;
  }

  /** Takes nothing more from the channel until it is unblocked. */
  blockChannel(index: number): void {
    this.#channels[index]!.blocked = true;
  }

  unblockChannel(index: number): void {
    this.#channels[index]!.blocked = false;
  }

  get recordsIn(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.recordsIn, 0);
  }

  /** Bytes of the segments taken. */
  get bytesIn(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.bytesIn, 0);
  }

  /** Segments that wait to be taken. */
  get backlog(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.backlog, 0);
  }
}
