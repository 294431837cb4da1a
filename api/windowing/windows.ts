import { MAX_WATERMARK } from '#core';

/** The records of a key from `start` to before `end`, ms since 1970 UTC. */
export class TimeWindow {
  constructor(
    readonly start: number,
    readonly end: number,
  ) {}

  /** The last timestamp that belongs to it: also that of its results. */
  maxTimestamp(): number {
    return this.end - 1;
  }

  /** Whether the windows overlap, or touch. */
  intersects(other: TimeWindow): boolean {
    return this.start <= other.end && this.end >= other.start;
  }

  /** The smallest window that holds both. */
  cover(other: TimeWindow): TimeWindow {
    return new TimeWindow(Math.min(this.start, other.start), Math.max(this.end, other.end));
  }

  toString(): string {
    return `TimeWindow{start=${this.start}, end=${this.end}}`;
  }

  /** The start of the window of that size that holds the timestamp, when windows start at `offset` and every `size` from there. */
  static startWithOffset(timestamp: number, offset: number, size: number): number {
    const remainder = (timestamp - offset) % size;
    return remainder < 0 ? timestamp - (remainder + size) : timestamp - remainder;
  }
}

/** All records of a key. There is one, and it never ends. */
export class GlobalWindow {
  static readonly instance = new GlobalWindow();

  static get(): GlobalWindow {
    return GlobalWindow.instance;
  }

  private constructor() {
    // there is only the one
  }

  maxTimestamp(): number {
    return MAX_WATERMARK;
  }

  toString(): string {
    return 'GlobalWindow';
  }
}

export type Window = TimeWindow | GlobalWindow;
