import type { StreamEvent } from '#core';
import type { InputGate } from '../exchange/input-gate.js';
import { type AlignedCheckpoint, BarrierAlignment } from './barrier-alignment.js';
import { ChannelWatermarks, type WatermarkListener } from './channel-watermarks.js';

/** What a subtask does about the events of its channels. */
export interface GateEventsHost extends WatermarkListener {
  onAligned(checkpoint: AlignedCheckpoint): void;
  onSubsumed(checkpointId: number): void;
  /** ms since 1970. */
  now(): number;
}

/** Turns the events of all channels of a subtask, numbered through its gates, into its watermarks and checkpoints. */
export class GateEvents {
  readonly #channels: readonly { readonly gate: number; readonly channel: number }[];
  readonly #first: readonly number[];
  readonly #watermarks: ChannelWatermarks;
  readonly #alignment: BarrierAlignment;
  #gates: readonly InputGate[] = [];

  /** @param channelCounts how many channels each gate has. */
  constructor(channelCounts: readonly number[], host: GateEventsHost) {
    this.#channels = channelCounts.flatMap((count, gate) => Array.from({ length: count }, (_, channel) => ({ gate, channel })));
    this.#first = channelCounts.map((_, gate) => channelCounts.slice(0, gate).reduce((sum, count) => sum + count, 0));
    this.#watermarks = new ChannelWatermarks(this.#channels.length, host);
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
      now: () => host.now(),
    });
  }

  /** The gates whose channels are blocked while barriers are lined up, in the order of the counts. */
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
        this.#alignment.barrier(index, event);
        break;
      case 'endOfInput':
        this.#alignment.endOfInput(index);
        break;
      case 'schema':
    }
  }

  abortCheckpoint(checkpointId: number): void {
    this.#alignment.abort(checkpointId);
  }
}
