import { crc32 } from 'node:zlib';
import { typeToJson } from '#core';
import type { ChannelName, ChannelPart, InFlightHandle } from '../checkpoint/handles.js';
import type { ChannelPosition } from '../exchange/channel-recording.js';
import type { CaptureStart } from '../exchange/channel-writer.js';
import type { SnapshotStream } from '../state/snapshot-storage.js';

interface OpenPart extends ChannelPart {
  readonly segments: { readonly at: number; readonly length: number; readonly crc32: number }[];
}

/** Takes what one subtask captures of its channels for one checkpoint, into one file. */
export class InFlightWriter {
  readonly #parts: OpenPart[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(private readonly stream: SnapshotStream) {}

  /** The part of a channel's producer. */
  ofProducer(channel: ChannelName): CaptureStart {
    return (first) => this.#begin({ channel, end: 'producer', first, segments: [], rowsTaken: 0 });
  }

  /** The part of a channel's consumer. Answers what takes the segments, in order. */
  ofConsumer(channel: ChannelName, { first, rowsTaken, type }: ChannelPosition): (segment: Uint8Array) => void {
    return this.#begin({ channel, end: 'consumer', first, segments: [], rowsTaken, type: type && typeToJson(type) });
  }

  /** Undefined: nothing was in flight. Rejects with what went wrong with the file. */
  async close(): Promise<InFlightHandle | undefined> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const bytes = await this.stream.close();
    const parts = this.#parts.filter(({ end, segments }) => end === 'consumer' || segments.length > 0);
    return parts.length === 0 ? undefined : { bytes, parts };
  }

  abort(): Promise<void> {
    return this.stream.abort();
  }

  #begin(part: OpenPart): (segment: Uint8Array) => void {
    this.#parts.push(part);
    return (segment) => {
      part.segments.push({ at: this.stream.position, length: segment.length, crc32: crc32(segment) });
      this.#write(Buffer.from(segment));
    };
  }

  /** A file that cannot be written is the checkpoint's failure, not that of the record at hand. */
  #write(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      // What waits for the file is bounded by what a ring holds, but for channels whose barrier is late.
      this.stream.write(bytes)?.catch((error: unknown) => {
        this.#failure ??= { error };
      });
    } catch (error) {
      this.#failure = { error };
    }
  }
}
