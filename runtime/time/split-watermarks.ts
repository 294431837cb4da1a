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
  #paused: ReadonlySet<string> | 'all' = new Set();

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

  /** How far the source has come, beyond what it has told: the least of its splits that are not idle. */
  get watermark(): number {
    const least = this.#least();
    return least === Infinity ? this.#output.watermark : Math.max(this.#output.watermark, least);
  }

  get idle(): boolean {
    return this.#output.idle;
  }

  /** The splits that are further than this. */
  beyond(watermark: number): ReadonlySet<string> {
    return new Set([...this.#splits].filter(([, { time }]) => time.watermark > watermark).map(([id]) => id));
  }

  /** These splits are not read for now: that nothing comes of them does not make them idle. */
  pause(splits: ReadonlySet<string> | 'all'): void {
    this.#paused = splits;
  }

  /** Asks all splits where they are, and tells nobody. */
  probe(): void {
    this.#telling = false;
    for (const { generated } of this.#splits.values()) generated.probe();
    this.#telling = true;
  }

  /** To be called each auto-watermark interval. */
  tick(nowMs: number): void {
    // all splits first, so that one watermark comes of it
    this.#telling = false;
    for (const [id, { generated }] of this.#splits) generated.tick(nowMs, this.#paused === 'all' || this.#paused.has(id));
    this.#telling = true;
    this.#tell();
  }

  /** `Infinity` when there is none that is not idle. */
  #least(): number {
    let least = Infinity;
    for (const { time } of this.#splits.values()) if (!time.idle && time.watermark < least) least = time.watermark;
    return least;
  }

  #allIdle(): boolean {
    for (const { time } of this.#splits.values()) if (!time.idle) return false;
    return true;
  }

  #tell(): void {
    if (!this.#telling || this.#splits.size === 0) return;
    const least = this.#least();
    if (least === Infinity && this.#allIdle()) this.#output.markIdle();
    else {
      this.#output.markActive();
      this.#output.emitWatermark(least);
    }
  }
}
