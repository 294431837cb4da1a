import { ManualClock } from './manual-clock.js';

/** A clock on which time passes with every look, so that whoever works in slices works in the smallest. */
export class SteppingClock extends ManualClock {
  #looks = 0;

  override monotonicMs(): number {
    this.#looks += 10;
    return this.#looks;
  }
}
