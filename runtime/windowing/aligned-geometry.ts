import { TimeWindow } from '#api';

/**
 * Windows of one size that start at regular times, and the slices that they are made of: two windows that overlap share whole slices.
 *
 * ```
 *  size 10, slide 4: slices of 2
 *  |  |  |  |  |  |  |  |  |      a slice is named by its start
 *  [--------------)               windows by their end
 *        [--------------)
 * ```
 */
export class AlignedGeometry {
  /** The widest slices of which every window is made: the greatest common divisor of size and slide. */
  readonly sliceMs: number;

  constructor(
    readonly sizeMs: number,
    readonly slideMs: number,
    readonly offsetMs: number,
  ) {
    this.sliceMs = greatestCommonDivisor(sizeMs, slideMs);
  }

  /** How many slices a window has. */
  get slices(): number {
    return this.sizeMs / this.sliceMs;
  }

  sliceAt(timestamp: number): number {
    return TimeWindow.startWithOffset(timestamp, this.offsetMs, this.sliceMs);
  }

  /** The end of the last window that holds the slice; of a slice between windows, one that does not. */
  lastEnd(slice: number): number {
    return TimeWindow.startWithOffset(slice, this.offsetMs, this.slideMs) + this.sizeMs;
  }

  /** The end of the first window that holds the slice and ends after `after`; undefined when there is none. */
  nextEnd(slice: number, after: number): number | undefined {
    const from = Math.max(after, slice);
    const lastEnd = this.lastEnd(slice);
    if (lastEnd <= from) return undefined;
    // the ends of windows are a grid, like their starts
    return lastEnd - (Math.ceil((lastEnd - from) / this.slideMs) - 1) * this.slideMs;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
