import { Segment } from '#core';
import { OverdraftExceededError } from './errors.js';

/** Segments kept for the next overdraft. */
const MAX_SPARE = 4;

/**
 * Private segments for what a user's call emits when no segment of a ring is free, since a call cannot be suspended in its middle.
 * They are counted, for all channels of a partition together, and limited.
 */
export class Overdraft {
  #used = 0;
  readonly #spare: Segment[] = [];

  constructor(
    private readonly operatorName: string,
    readonly maxSegments: number,
    private readonly segmentSizeBytes: number,
  ) {}

  /** Segments in use. */
  get used(): number {
    return this.#used;
  }

  /** `beyond`: whatever the limit, for the pieces of one record that is in memory anyway. Throws {@link OverdraftExceededError}. */
  take(beyond: boolean): Segment {
    if (this.#used >= this.maxSegments && !beyond) throw new OverdraftExceededError(this.operatorName, this.maxSegments);
    this.#used++;
    return this.#spare.pop() ?? new Segment(new ArrayBuffer(this.segmentSizeBytes), 0, this.segmentSizeBytes);
  }

  give(segment: Segment): void {
    this.#used--;
    if (this.#spare.length < MAX_SPARE) this.#spare.push(segment);
  }
}
