import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** The job begins again, after a while: from its latest checkpoint, or from scratch, without what the failed attempt left in files. */
export class Restarting implements JobPhase {
  readonly jobState = 'RESTARTING';
  #waiting = 0;

  constructor(
    private readonly job: JobContext,
    private readonly delayMs: number,
  ) {}

  enter(): Transition | undefined {
    if (!this.job.restores) {
      this.#waiting++;
      this.job.deleteScratch();
    }
    if (this.delayMs > 0) {
      this.#waiting++;
      this.job.after(this.delayMs, { type: 'restartDue' });
    }
    return this.#next();
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'scratchDeleted':
      case 'restartDue':
        this.#waiting--;
        return this.#next();
      case 'cancel':
        return { to: 'cleaningUp', outcome: 'CANCELED' };
      default:
        return undefined;
    }
  }

  #next(): Transition | undefined {
    if (this.#waiting > 0) return undefined;
    this.job.beginNextAttempt();
    return { to: 'beginning' };
  }
}
