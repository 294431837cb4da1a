import type { JobContext, JobEvent, JobOutcome, JobPhase, Transition } from '../job-phase.js';

/** The job has finished, failed or was canceled, and nothing of it is left. */
export class Ended implements JobPhase {
  constructor(
    private readonly job: JobContext,
    readonly jobState: JobOutcome,
  ) {}

  enter(): Transition | undefined {
    this.job.end(this.jobState);
    return undefined;
  }

  on(_event: JobEvent): Transition | undefined {
    return undefined;
  }
}
