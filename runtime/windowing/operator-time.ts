import type { OperatorHost } from '../operators/operator-host.js';
import { OperatorWatermark } from './operator-watermark.js';

/** Both clocks of a window operator. */
export class OperatorTime {
  readonly #watermark: OperatorWatermark;

  constructor(private readonly host: OperatorHost) {
    this.#watermark = new OperatorWatermark(host.operatorState);
  }

  /** Event time: all records up to it have come. */
  get watermark(): number {
    return this.#watermark.current;
  }

  get processingTimeMs(): number {
    return this.host.clock.now();
  }

  advance(watermark: number): void {
    this.#watermark.advance(watermark);
  }
}
