import type { Random } from '#core';
import type { SimProcess } from './scheduler.js';

/** How bad it gets. Probabilities are from 0 to 1, a time is the most there may be, ms. */
export interface FaultPlan {
  readonly passMs: number;
  /** Of a slot, that it is `slowFactor` times slower. */
  readonly slowProcess: number;
  readonly slowFactor: number;
  readonly linkMs: number;
  /** Of a message, that it (and all behind it) comes later than usual. */
  readonly lateMessage: number;
  readonly lateMs: number;
  readonly fileMs: number;
  readonly fileFailure: number;
  readonly userFailure: number;
  /** Mean time between two losses of a TaskManager or a link; Infinity for none. */
  readonly lossMs: number;
  /** From then on nothing fails or is slow any more, ms from the beginning: a job that could go on must. */
  readonly quietAfterMs: number;
}

/** What goes wrong with a file operation: nothing is done, half of it, or all, but the caller is told that it failed. */
export type FileFault = 'before' | 'half' | 'after';

/** Decides by chance what goes wrong. */
export class Faults {
  readonly #slow = new Map<SimProcess, boolean>();
  #userFailures = 0;
  #fileFailures = 0;

  constructor(
    readonly plan: FaultPlan,
    private readonly random: Random,
    private readonly elapsedMs: () => number,
  ) {}

  get quiet(): boolean {
    return this.elapsedMs() >= this.plan.quietAfterMs;
  }

  get counts(): { readonly user: number; readonly file: number } {
    return { user: this.#userFailures, file: this.#fileFailures };
  }

  passMs(process: SimProcess): number {
    const { passMs, slowProcess, slowFactor } = this.plan;
    let slow = this.#slow.get(process);
    if (slow === undefined) this.#slow.set(process, (slow = this.chance(slowProcess)));
    return this.upTo(slow && !this.quiet ? passMs * slowFactor : passMs);
  }

  linkMs(): number {
    const { linkMs, lateMessage, lateMs } = this.plan;
    return this.upTo(!this.quiet && this.chance(lateMessage) ? lateMs : linkMs);
  }

  fileMs(): number {
    return this.upTo(this.plan.fileMs);
  }

  fileFault(): FileFault | undefined {
    if (this.quiet || !this.chance(this.plan.fileFailure)) return undefined;
    this.#fileFailures++;
    return this.oneOf<FileFault>('before', 'half', 'after');
  }

  /** For user functions: throws now and then. */
  mayThrow(): void {
    if (this.quiet || !this.chance(this.plan.userFailure)) return;
    this.#userFailures++;
    throw new Error('the function of the user fails now and then');
  }

  untilLossMs(): number {
    return this.plan.lossMs === Infinity ? Infinity : this.upTo(2 * this.plan.lossMs);
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  upTo(limit: number): number {
    return this.random.nextInt(Math.floor(limit) + 1);
  }

  oneOf<T>(...values: readonly T[]): T {
    return values[this.random.nextInt(values.length)] as T;
  }
}
