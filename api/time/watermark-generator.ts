import type { Clock } from '#core';

/** Takes the watermarks that a generator makes. */
export interface WatermarkOutput {
  /** No record with a timestamp up to this one, ms since 1970 UTC, is expected any more. One that is not above the last has no effect. */
  emitWatermark(timestamp: number): void;
  /** The stream holds back the watermarks of what reads it no longer. */
  markIdle(): void;
  /** It does so again; a watermark says so too. */
  markActive(): void;
}

/** Makes watermarks out of the records of a stream, or at regular intervals. One instance for each subtask, or split of a source. */
export interface WatermarkGenerator<T> {
  onEvent(value: T, timestamp: number, output: WatermarkOutput): void;
  /** Called each auto-watermark interval. */
  onPeriodicEmit(output: WatermarkOutput): void;
}

/** What a strategy learns of the place it works in. */
export interface WatermarkContext {
  /** Processing time. */
  readonly clock: Clock;
}

/**
 * Watermarks for records that are late by at most a given time: `maxTimestamp - delay - 1`, as there may be more records with the
 * very timestamp.
 */
export class BoundedOutOfOrdernessWatermarks<T> implements WatermarkGenerator<T> {
  #maxTimestamp = Number.NEGATIVE_INFINITY;

  /** @param delayMs the longest time that a record may come after one with a later timestamp. */
  constructor(private readonly delayMs: number) {}

  onEvent(_value: T, timestamp: number): void {
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.#maxTimestamp - this.delayMs - 1);
  }
}

/** Makes no watermarks at all. */
export class NoWatermarks<T> implements WatermarkGenerator<T> {
  onEvent(): void {
    // there are none
  }

  onPeriodicEmit(): void {
    // there are none
  }
}
