import { InsufficientNetworkBuffersError } from './errors.js';

/** The segments of a TaskManager that rings may be made of. Rings allocate their own memory; this keeps the account. */
export class NetworkMemory {
  #used = 0;
  readonly totalSegments: number;

  constructor(
    sizeBytes: number,
    readonly segmentSizeBytes: number,
  ) {
    this.totalSegments = Math.floor(sizeBytes / segmentSizeBytes);
  }

  get availableSegments(): number {
    return this.totalSegments - this.#used;
  }

  /** Takes all of them or none. Throws {@link InsufficientNetworkBuffersError}. */
  take(segments: number): void {
    if (segments > this.availableSegments) {
      throw new InsufficientNetworkBuffersError(segments, this.availableSegments, this.totalSegments, this.segmentSizeBytes);
    }
    this.#used += segments;
  }

  give(segments: number): void {
    this.#used -= segments;
  }
}
