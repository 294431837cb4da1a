import { readEvent, type Segment, SegmentFlag, type TypeInfo } from '#core';
import { holdsEndOfInput } from './end-of-input.js';
import type { SegmentSource } from './segment-source.js';

/** Where a channel stands between two records. */
export interface ChannelPosition {
  /** Number of the first segment that has not been processed as a whole. */
  readonly first: number;
  /** Rows of it that have been processed. */
  readonly rowsTaken: number;
  /** The row type that was announced last; undefined: the declared one. */
  readonly type: TypeInfo | undefined;
  /** Pieces of a large record, or event, that have been taken already: copies, the first one has number `first`. */
  readonly pieces: readonly Uint8Array[];
}

/**
 * Copies the segments of a channel that belong to a checkpoint whose barrier overtook them: from where the consumer stands to where the
 * producer has captured them itself, to the barrier, or to the end of the channel, whichever is seen first.
 *
 * ```
 *   processed │ recorded here │ captured by the producer │ barrier
 *           first           until
 * ```
 * Segments are copied when they are given back at the latest, and ahead of that with each `advance`.
 */
export class ChannelRecording {
  /** Number of the next segment to be copied. */
  #next: number;
  #until: number | undefined;
  #complete = false;

  /** @param write takes a copy of the bytes of each segment, in order. */
  constructor(
    private readonly source: SegmentSource,
    private readonly checkpointId: number,
    position: ChannelPosition,
    private readonly write: (segment: Uint8Array) => void,
  ) {
    for (const piece of position.pieces) write(piece);
    this.#next = (position.first + position.pieces.length) | 0;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** The producer has everything from this number on. */
  endAt(number: number): void {
    this.#until ??= number;
    this.advance();
  }

  /** Nothing more is copied. */
  giveUp(): void {
    this.#complete = true;
  }

  /** Copies what is there. */
  advance(): void {
    while (!this.#complete) {
      if (this.#until !== undefined && ((this.#next - this.#until) | 0) >= 0) this.#complete = true;
      else if (!this.#copyNext()) return;
    }
  }

  #copyNext(): boolean {
    const segment = this.source.peek((this.#next - this.source.released) | 0);
    if (segment === undefined) return false;
    if (this.#endsWith(segment)) this.#complete = true;
    else {
      this.write(segment.bytes.subarray(0, segment.byteLength));
      this.#next = (this.#next + 1) | 0;
    }
    return true;
  }

  #endsWith(segment: Segment): boolean {
    if ((segment.flags & SegmentFlag.event) === 0) return false;
    if (holdsEndOfInput(segment)) return true;
    if ((segment.flags & (SegmentFlag.spanning | SegmentFlag.spanningEnd)) !== 0) return false;
    const event = readEvent(segment);
    return event.kind === 'barrier' && event.checkpointId === this.checkpointId;
  }
}
