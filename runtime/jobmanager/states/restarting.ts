import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** The job begins again from scratch, without what the failed attempt left in files. */
export class Restarting implements JobPhase {
  readonly jobState = 'RESTARTING';

  constructor(private readonly job: JobContext) {}

  enter(): Transition | undefined {
    this.job.deleteScratch();
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'scratchDeleted':
        this.job.beginNextAttempt();
        return { to: 'beginning' };
      case 'cancel':
        return { to: 'cleaningUp', outcome: 'CANCELED' };
      default:
        return undefined;
    }
  }
}
