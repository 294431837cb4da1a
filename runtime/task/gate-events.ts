import type { Clock, StreamEvent } from '#core';
import type { ChannelName, CheckpointOptions } from '../checkpoint/handles.js';
import type { Announcement } from '../exchange/announcements.js';
import type { InputGate } from '../exchange/input-gate.js';
import { type AlignedCheckpoint, type Barrier, BarrierAlignment, checkpointOf } from './barrier-alignment.js';
import { ChannelWatermarks, type WatermarkListener } from './channel-watermarks.js';
import type { InFlightWriter } from './in-flight-writer.js';
import { OvertakenChannels } from './overtaken-channels.js';

/** What a subtask does about the events of its channels. */
export interface GateEventsHost extends WatermarkListener {
  onAligned(checkpoint: AlignedCheckpoint): void;
  /**
   * A barrier has overtaken records. To be called at once is `record`, which has what was overtaken written to the file; its promise ends
   * when all of it is there.
   */
  onOvertaken(checkpoint: AlignedCheckpoint, record: (writer: InFlightWriter) => Promise<void>): void;
  onSubsumed(checkpointId: number): void;
  readonly clock: Clock;
  /** Has `look` called soon. */
  wake(): void;
}

/** An in-edge of a subtask: its channels by name, in their order. */
export type GateChannels = readonly ChannelName[];

interface ChannelPlace {
  readonly name: ChannelName;
  readonly gate: number;
  readonly channel: number;
}

/** Turns the events of all channels of a subtask, numbered through its gates, into its watermarks and checkpoints. */
export class GateEvents {
  readonly #channels: readonly ChannelPlace[];
  readonly #first: readonly number[];
  readonly #watermarks: ChannelWatermarks;
  readonly #alignment: BarrierAlignment;
  readonly #overtaken: OvertakenChannels;
  #gates: readonly InputGate[] = [];
  /** A barrier that records may hold back for some time only. */
  #impatient: Barrier | undefined;

  constructor(
    gates: readonly GateChannels[],
    private readonly host: GateEventsHost,
  ) {
    this.#channels = gates.flatMap((channels, gate) => channels.map((name, channel) => ({ name, gate, channel })));
    this.#first = gates.map((_, gate) => gates.slice(0, gate).reduce((sum, channels) => sum + channels.length, 0));
    this.#watermarks = new ChannelWatermarks(this.#channels.length, host);
    this.#overtaken = new OvertakenChannels(() =>
      this.#channels.map(({ name, gate, channel }) => ({ name, reader: this.#gates[gate]!.channel(channel) })),
    );
    this.#alignment = new BarrierAlignment(this.#channels.length, {
      block: (index) => {
        const { gate, channel } = this.#channels[index]!;
        this.#gates[gate]?.blockChannel(channel);
      },
      unblock: (index) => {
        const { gate, channel } = this.#channels[index]!;
        this.#gates[gate]?.unblockChannel(channel);
      },
      onAligned: (checkpoint) => {
        host.onAligned(checkpoint);
      },
      onSubsumed: (checkpointId) => {
        host.onSubsumed(checkpointId);
      },
      now: () => host.clock.now(),
    });
  }

  /** The gates whose channels are blocked while barriers are lined up, in their order. */
  attach(gates: readonly InputGate[]): void {
    this.#gates = gates;
  }

  onEvent(gate: number, channel: number, event: StreamEvent): void {
    const index = this.#first[gate]! + channel;
    switch (event.kind) {
      case 'watermark':
        this.#watermarks.watermark(index, event.timestamp);
        break;
      case 'status':
        this.#watermarks.status(index, event.idle);
        break;
      case 'barrier':
        this.#barrier(index, event);
        break;
      case 'endOfInput':
        this.#alignment.endOfInput(index);
        break;
      case 'announcement':
      case 'schema':
    }
  }

  /** A checkpoint of which no barrier comes by any channel, since all producers have ended. */
  trigger(barrier: Barrier): void {
    if (this.#patienceMs(barrier) <= 0) this.#overtake(barrier);
    else {
      this.#bePatient(barrier);
      this.#alignment.trigger(barrier);
    }
  }

  /** To be called in each step, between records: takes note of barriers that are ahead of their records. */
  look(): void {
    for (let index = 0; index < this.#gates.length; index++) if (this.#gates[index]!.announced) this.#takeAnnouncements(index);
    if (this.#impatient !== undefined && this.#patienceMs(this.#impatient) <= 0) this.#overtake(this.#impatient);
    this.#overtaken.advance();
  }

  abortCheckpoint(checkpointId: number): void {
    this.#overtaken.abort(checkpointId);
    this.#alignment.abort(checkpointId);
  }

  #takeAnnouncements(gate: number): void {
    this.#gates[gate]!.takeAnnouncements((channel, announcement) => {
      this.#announced(this.#first[gate]! + channel, announcement);
    });
  }

  #barrier(index: number, barrier: Barrier): void {
    if (this.#patienceMs(barrier) <= 0) this.#overtake(barrier, index);
    else {
      this.#bePatient(barrier);
      this.#alignment.barrier(index, barrier);
    }
  }

  /** How long the barrier may still be held back. */
  #patienceMs({ timestamp, options }: Barrier): number {
    const { unaligned, alignedTimeoutMs } = options as unknown as CheckpointOptions;
    return unaligned ? timestamp + alignedTimeoutMs - this.host.clock.now() : Infinity;
  }

  #bePatient(barrier: Barrier): void {
    const leftMs = this.#patienceMs(barrier);
    if (leftMs === Infinity || this.#impatient?.checkpointId === barrier.checkpointId || this.#alignment.isOver(barrier)) return;
    this.#impatient = barrier;
    this.host.clock.setTimer(
      leftMs,
      () => {
        this.host.wake();
      },
      { background: true },
    );
  }

  #announced(index: number, announcement: Announcement): void {
    this.#overtake(announcement);
    this.#overtaken.announced(index, announcement.checkpointId, announcement.capturedFrom);
  }

  /** @param index the channel whose barrier has come behind its records. */
  #overtake(barrier: Barrier, index?: number): void {
    this.#impatient = undefined;
    if (this.#alignment.isOver(barrier)) return;
    const { arrived, arrivedMs } = this.#alignment.settle(barrier);
    const former = this.#overtaken.recordingFor;
    if (former !== undefined) this.host.onSubsumed(former);
    const done = index === undefined ? arrived : new Set([...arrived, index]);
    this.host.onOvertaken(checkpointOf(barrier, arrivedMs, this.host.clock.now() - arrivedMs), (writer) =>
      this.#overtaken.begin(barrier.checkpointId, done, writer),
    );
  }
}
