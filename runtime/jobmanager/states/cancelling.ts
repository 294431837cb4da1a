import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** Somebody asked for the job to end: all tasks are cancelled, and what fails on the way is only noted. */
export class Cancelling implements JobPhase {
  readonly jobState = 'CANCELLING';

  constructor(private readonly job: JobContext) {}

  enter(): Transition | undefined {
    this.job.cancelSlots(this.job.executions.regions);
    return this.#next();
  }

  on(_event: JobEvent): Transition | undefined {
    return this.#next();
  }

  #next(): Transition | undefined {
    return this.job.drained(this.job.executions.regions) ? { to: 'cleaningUp', outcome: 'CANCELED' } : undefined;
  }
}
