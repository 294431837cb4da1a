import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** Something failed: the other tasks are cancelled. What fails meanwhile is only noted. */
export class Failing implements JobPhase {
  readonly jobState = 'FAILING';

  constructor(private readonly job: JobContext) {}

  enter(): Transition | undefined {
    this.job.cancelSlots();
    return this.#next();
  }

  on(event: JobEvent): Transition | undefined {
    if (event.type === 'cancel') return { to: 'cancelling' };
    return this.#next();
  }

  #next(): Transition | undefined {
    if (!this.job.drained) return undefined;
    const decision = this.job.decideRestart();
    return decision.restart ? { to: 'restarting', delayMs: decision.delayMs } : { to: 'cleaningUp', outcome: 'FAILED' };
  }
}
