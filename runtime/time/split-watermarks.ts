import { type Clock, MIN_WATERMARK } from '#core';
import type { WatermarkOutput, WatermarkStrategy } from '#api';
import type { WatermarkOutput as StageWatermarks } from '../chain/stage-time.js';
import { GeneratedWatermarks } from './generated-watermarks.js';
import { RisingWatermark } from './rising-watermark.js';

/** What one split has to say about event time. */
class SplitTime implements WatermarkOutput {
  watermark = MIN_WATERMARK;
  idle = false;

  constructor(private readonly changed: () => void) {}

  emitWatermark(timestamp: number): void {
    const wasIdle = this.idle;
    this.idle = false;
    const rises = timestamp > this.watermark;
    if (rises) this.watermark = timestamp;
    if (rises || wasIdle) this.changed();
  }

  markIdle(): void {
    if (this.idle) return;
    this.idle = true;
    this.changed();
  }

  markActive(): void {
    if (!this.idle) return;
    this.idle = false;
    this.changed();
  }
}

/**
 * Watermarks of a source that reads several splits: each split has its own generator and idleness, and the source's watermark is the least
 * of the splits that are not idle. It only rises: a split that is added later, or has been idle, does not take it back.
 *
 * Without splits the watermark stays where it is. The source is idle when it has splits and all of them are.
 */
export class SplitWatermarks {
  readonly #splits = new Map<string, { readonly time: SplitTime; readonly generated: GeneratedWatermarks }>();
  readonly #output: RisingWatermark;
  #telling = true;

  constructor(
    private readonly strategy: WatermarkStrategy<unknown>,
    private readonly clock: Clock,
    output: StageWatermarks,
  ) {
    this.#output = new RisingWatermark(output);
  }

  /** Timestamps and watermarks of a split's records; the split is added when it is new. */
  split(id: string): GeneratedWatermarks {
    const known = this.#splits.get(id);
    if (known !== undefined) return known.generated;
    const time = new SplitTime(() => {
      this.#tell();
    });
    const generated = new GeneratedWatermarks(this.strategy, this.clock, time);
    this.#splits.set(id, { time, generated });
    return generated;
  }

  /** The split is read to its end: it holds back nothing any more. */
  finish(id: string): void {
    if (this.#splits.delete(id)) this.#tell();
  }

  /** To be called each auto-watermark interval. */
  tick(nowMs: number): void {
    // all splits first, so that one watermark comes of it
    this.#telling = false;
    for (const { generated } of this.#splits.values()) generated.tick(nowMs);
    this.#telling = true;
    this.#tell();
  }

  #tell(): void {
    if (!this.#telling || this.#splits.size === 0) return;
    let least = Infinity;
    let idle = true;
    for (const { time } of this.#splits.values()) {
      if (time.idle) continue;
      idle = false;
      if (time.watermark < least) least = time.watermark;
    }
    if (idle) this.#output.markIdle();
    else {
      this.#output.markActive();
      this.#output.emitWatermark(least);
    }
  }
}
