import type { Clock } from '#core';
import type { WatermarkGenerator, WatermarkOutput, WatermarkStrategy } from '#api';
import type { TimestampingOperator } from '../chain/stage.js';

/** A strategy at work on one stream of records, that of a subtask or of a split: timestamps, watermarks, idleness. */
export class GeneratedWatermarks implements TimestampingOperator {
  readonly #extract: (value: unknown, recordTimestamp: number) => number;
  readonly #generator: WatermarkGenerator<unknown>;
  readonly #idlenessMs: number;
  readonly #output: WatermarkOutput;
  #seen = false;
  #idleAtMs: number;

  constructor(strategy: WatermarkStrategy<unknown>, clock: Clock, output: WatermarkOutput) {
    this.#extract = strategy.createTimestampAssigner({ clock }) ?? ((_value, recordTimestamp) => recordTimestamp);
    this.#generator = strategy.createGenerator({ clock });
    this.#output = output;
    this.#idlenessMs = strategy.idlenessMs ?? Infinity;
    this.#idleAtMs = clock.now() + this.#idlenessMs;
  }

  /** The record's new timestamp; the generator has not seen it yet. */
  timestampOf(value: unknown, timestamp: number): number {
    return this.#extract(value, timestamp);
  }

  /** The record has gone on: what the generator emits now comes behind it. */
  passed(value: unknown, timestamp: number): void {
    this.#seen = true;
    this.#generator.onEvent(value, timestamp, this.#output);
  }

  /** Has the generator tell where it is, though no interval is over. */
  probe(): void {
    if (this.#seen) this.#generator.onPeriodicEmit(this.#output);
  }

  /** To be called each auto-watermark interval: the periodic watermark, unless there have been no records for too long. */
  tick(nowMs: number, paused: boolean): void {
    if (paused) this.#idleAtMs = nowMs + this.#idlenessMs;
    else if (this.#seen) {
      this.#seen = false;
      this.#idleAtMs = nowMs + this.#idlenessMs;
      this.#output.markActive();
    } else if (nowMs >= this.#idleAtMs) {
      this.#output.markIdle();
      return;
    }
    this.#generator.onPeriodicEmit(this.#output);
  }
}
