import { Segment } from '#core';
import type { SegmentSource } from './segment-source.js';

/** Segments of a channel that were copied, with the number of the first. */
export class CapturedSegments implements SegmentSource {
  #taken = 0;
  readonly #segments: (Segment | undefined)[];

  constructor(
    private readonly first: number,
    segments: readonly Uint8Array[],
  ) {
    this.#segments = segments.map(segmentOf);
  }

  get released(): number {
    return (this.first + this.#taken) | 0;
  }

  get backlog(): number {
    return this.#segments.length - this.#taken;
  }

  peek(ahead = 0): Segment | undefined {
    return this.#segments[this.#taken + ahead];
  }

  release(): void {
    this.#segments[this.#taken++] = undefined;
  }
}

/** Rows are read by words of 8 bytes, from memory of their own. */
function segmentOf(bytes: Uint8Array): Segment {
  const sizeBytes = (bytes.length + 7) & ~7;
  const segment = new Segment(new ArrayBuffer(sizeBytes), 0, sizeBytes);
  segment.bytes.set(bytes);
  return segment;
}
