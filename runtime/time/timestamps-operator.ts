import { MAX_WATERMARK } from '#core';
import type { WatermarkStrategy } from '#api';
import type { StageTime } from '../chain/stage-time.js';
import type { TimestampingOperator } from '../chain/stage.js';
import type { OperatorHost } from '../operators/operator-host.js';
import { GeneratedWatermarks } from './generated-watermarks.js';
import { RisingWatermark } from './rising-watermark.js';

type Host = Pick<OperatorHost, 'clock' | 'watermarks' | 'autoWatermarkIntervalMs'>;

/**
 * Gives records their event time and makes the watermarks of its output; those of its input end here, but for the last one.
 *
 * In:    any records.
 * Out:   the same, with new timestamps.
 * State: none: watermarks begin anew after a restore.
 */
export class TimestampsOperator implements TimestampingOperator {
  readonly time: StageTime;
  readonly #generated: GeneratedWatermarks;
  readonly #output: RisingWatermark;
  readonly #intervalMs: number;
  #nextTickMs: number;

  constructor(strategy: WatermarkStrategy<unknown>, { clock, watermarks, autoWatermarkIntervalMs }: Host) {
    this.#output = new RisingWatermark(watermarks);
    this.#generated = new GeneratedWatermarks(strategy, clock, this.#output);
    this.#intervalMs = autoWatermarkIntervalMs;
    this.#nextTickMs = autoWatermarkIntervalMs > 0 ? clock.now() + autoWatermarkIntervalMs : Infinity;
    this.time = this.#stageTime();
  }

  timestampOf(value: unknown, timestamp: number): number {
    return this.#generated.timestampOf(value, timestamp);
  }

  passed(value: unknown, timestamp: number): void {
    this.#generated.passed(value, timestamp);
  }

  #stageTime(): StageTime {
    const next = (): number => this.#nextTickMs;
    return {
      passesWatermarks: false,
      get nextProcessingTimeMs() {
        return next();
      },
      advance: (watermark) => {
        // the end of the input is the end of time for all that follows
        if (watermark === MAX_WATERMARK) this.#output.emitWatermark(MAX_WATERMARK);
        return undefined;
      },
      onProcessingTime: (nowMs) => {
        this.#nextTickMs = nowMs + this.#intervalMs;
        this.#generated.tick(nowMs, false);
        return undefined;
      },
    };
  }
}
