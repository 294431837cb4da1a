import type { WatermarkStrategy } from '#api';
import type { StageTime } from '../chain/stage-time.js';
import type { OperatorHost } from '../operators/operator-host.js';
import type { GeneratedWatermarks } from './generated-watermarks.js';
import { SplitWatermarks } from './split-watermarks.js';

/** Event time that is made where a source reads: for each of its splits, or for the reader as a whole where that tells no splits apart. */
export class SourceTime implements StageTime {
  readonly passesWatermarks = false;
  readonly #splits: SplitWatermarks;
  readonly #intervalMs: number;
  #nextTickMs: number;

  constructor(
    strategy: WatermarkStrategy<unknown>,
    { clock, watermarks, autoWatermarkIntervalMs }: Pick<OperatorHost, 'clock' | 'watermarks' | 'autoWatermarkIntervalMs'>,
  ) {
    this.#splits = new SplitWatermarks(strategy, clock, watermarks);
    this.#intervalMs = autoWatermarkIntervalMs;
    this.#nextTickMs = autoWatermarkIntervalMs > 0 ? clock.now() + autoWatermarkIntervalMs : Infinity;
  }

  get nextProcessingTimeMs(): number {
    return this.#nextTickMs;
  }

  split(id: string): GeneratedWatermarks {
    return this.#splits.split(id);
  }

  finishSplit(id: string): void {
    this.#splits.finish(id);
  }

  /** How far the source has come, told or not. */
  get watermark(): number {
    return this.#splits.watermark;
  }

  get idle(): boolean {
    return this.#splits.idle;
  }

  splitsBeyond(watermark: number): ReadonlySet<string> {
    return this.#splits.beyond(watermark);
  }

  pause(splits: ReadonlySet<string> | 'all'): void {
    this.#splits.pause(splits);
  }

  probe(): void {
    this.#splits.probe();
  }

  /** A source has no input whose time could rise. */
  advance(): undefined {
    return undefined;
  }

  onProcessingTime(nowMs: number): undefined {
    this.#nextTickMs = nowMs + this.#intervalMs;
    this.#splits.tick(nowMs);
    return undefined;
  }
}
