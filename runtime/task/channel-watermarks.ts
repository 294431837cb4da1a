import { MIN_WATERMARK } from '#core';

/** What becomes of the watermarks of all channels of a subtask. */
export interface WatermarkListener {
  /** Ascending. */
  onWatermark(watermark: number): void;
  onIdle(idle: boolean): void;
}

/**
 * The watermark of a subtask: the least of its channels. Idle channels do not count; one that comes back counts again when it has caught
 * up with
 * what was told already. Channels that have ended sent `MAX_WATERMARK` before. (The rules of Flink's `StatusWatermarkValve`.)
 */
export class ChannelWatermarks {
  readonly #watermarks: Float64Array;
  readonly #idle: boolean[];
  readonly #caughtUp: boolean[];
  #told = MIN_WATERMARK;
  #allIdle = false;

  constructor(
    channels: number,
    private readonly listener: WatermarkListener,
  ) {
    this.#watermarks = new Float64Array(channels).fill(MIN_WATERMARK);
    this.#idle = Array.from({ length: channels }, () => false);
    this.#caughtUp = Array.from({ length: channels }, () => true);
  }

  watermark(channel: number, watermark: number): void {
    if (watermark <= this.#watermarks[channel]!) return;
    this.#watermarks[channel] = watermark;
    if (this.#idle[channel]!) return;
    if (watermark >= this.#told) this.#caughtUp[channel] = true;
    this.#tellLeast();
  }

  status(channel: number, idle: boolean): void {
    if (this.#idle[channel] === idle) return;
    this.#idle[channel] = idle;
    if (idle) this.#becomeIdle(channel);
    else this.#becomeActive(channel);
  }

  #becomeIdle(channel: number): void {
    if (this.#idle.includes(false)) {
      this.#tellLeast();
      return;
    }
    // Nothing else is to come for now: what the other channels had reached is as far as time has got.
    if (this.#watermarks[channel] === this.#told) this.#tell(Math.max(...this.#watermarks));
    this.#allIdle = true;
    this.listener.onIdle(true);
  }

  #becomeActive(channel: number): void {
    this.#caughtUp[channel] = this.#watermarks[channel]! >= this.#told;
    if (!this.#allIdle) return;
    this.#allIdle = false;
    this.listener.onIdle(false);
  }

  #tellLeast(): void {
    let least = Infinity;
    let counted = false;
    for (let channel = 0; channel < this.#watermarks.length; channel++) {
      if (this.#idle[channel]! || !this.#caughtUp[channel]!) continue;
      counted = true;
      least = Math.min(least, this.#watermarks[channel]!);
    }
    if (counted) this.#tell(least);
  }

  #tell(watermark: number): void {
    if (watermark <= this.#told) return;
    this.#told = watermark;
    this.listener.onWatermark(watermark);
  }
}
