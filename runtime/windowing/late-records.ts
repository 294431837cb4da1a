import type { StageOutput } from '../chain/stage.js';

/** Records that no window takes any more: they go to a side output, or are dropped and counted. */
export class LateRecords {
  #dropped = 0;

  constructor(private readonly tag: string | undefined) {}

  /** How many were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  take(value: unknown, timestamp: number, output: StageOutput): void {
    if (this.tag === undefined) this.#dropped++;
    else output.emitTo(this.tag, value, timestamp);
  }
}
