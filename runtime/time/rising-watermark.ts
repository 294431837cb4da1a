import { MIN_WATERMARK } from '#core';
import type { WatermarkOutput } from '#api';
import type { WatermarkOutput as StageWatermarks } from '../chain/stage-time.js';

/** Lets through watermarks that rise, and idleness when it changes. A watermark ends idleness. */
export class RisingWatermark implements WatermarkOutput {
  #last = MIN_WATERMARK;
  #idle = false;

  constructor(private readonly output: StageWatermarks) {}

  get watermark(): number {
    return this.#last;
  }

  get idle(): boolean {
    return this.#idle;
  }

  emitWatermark(timestamp: number): void {
    if (!(timestamp > this.#last)) return;
    this.markActive();
    this.#last = timestamp;
    this.output.emitWatermark(timestamp);
  }

  markIdle(): void {
    if (this.#idle) return;
    this.#idle = true;
    this.output.setIdle(true);
  }

  markActive(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.output.setIdle(false);
  }
}
