import type { Segment } from '#core';

/** Segments in their order, one end of a ring or what was kept of one. */
export interface SegmentSource {
  /** Segments given back so far: the number of the oldest one on its channel. Wraps at 2^31. */
  readonly released: number;
  /** Segments that are ready. */
  readonly backlog: number;
  /** The oldest ready segment, or the one `ahead` of it: the same until `release`. */
  peek(ahead?: number): Segment | undefined;
  /** Gives the oldest ready segment back. */
  release(): void;
}
