import type { ChannelName } from '../checkpoint/handles.js';
import type { ChannelReader } from '../exchange/channel-reader.js';
import type { ChannelRecording } from '../exchange/channel-recording.js';
import type { InFlightWriter } from './in-flight-writer.js';

/** A channel that comes into a subtask. */
export interface RecordedChannel {
  readonly name: ChannelName;
  readonly reader: Pick<ChannelReader, 'position' | 'record' | 'finished'>;
}

interface Round {
  readonly checkpointId: number;
  readonly recordings: ReadonlyMap<number, ChannelRecording>;
  readonly resolve: () => void;
}

/** Records, for a checkpoint that was taken before all barriers had come, what lies before the others in the channels of a subtask. */
export class OvertakenChannels {
  #round: Round | undefined;

  constructor(private readonly channels: () => readonly RecordedChannel[]) {}

  /** The checkpoint for which channels are being recorded. */
  get recordingFor(): number | undefined {
    return this.#round?.checkpointId;
  }

  /**
   * Records all channels from where they stand but those whose barrier has come already. A former round is given up. Ends when each
   * channel has been recorded up to its barrier; never, when it is given up.
   */
  begin(checkpointId: number, arrived: ReadonlySet<number>, writer: InFlightWriter): Promise<void> {
    this.#giveUp();
    return new Promise((resolve) => {
      const recordings = new Map<number, ChannelRecording>();
      for (const [index, { name, reader }] of this.channels().entries()) {
        // The consumer's part tells where to begin with the producer's, also where nothing is to be recorded.
        const write = writer.ofConsumer(name, reader.position);
        if (!arrived.has(index) && !reader.finished) recordings.set(index, reader.record(checkpointId, write));
      }
      this.#round = { checkpointId, recordings, resolve };
    });
  }

  /** The producer of the channel has everything from this segment on. */
  announced(channel: number, checkpointId: number, capturedFrom: number): void {
    if (this.#round?.checkpointId === checkpointId) this.#round.recordings.get(channel)?.endAt(capturedFrom);
  }

  /** Takes what has come. */
  advance(): void {
    if (this.#round === undefined) return;
    const { recordings, resolve } = this.#round;
    let complete = true;
    for (const recording of recordings.values()) {
      if (!recording.complete) recording.advance();
      complete &&= recording.complete;
    }
    if (!complete) return;
    this.#round = undefined;
    resolve();
  }

  abort(checkpointId: number): void {
    if (this.#round?.checkpointId === checkpointId) this.#giveUp();
  }

  #giveUp(): void {
    for (const recording of this.#round?.recordings.values() ?? []) recording.giveUp();
    this.#round = undefined;
  }
}
