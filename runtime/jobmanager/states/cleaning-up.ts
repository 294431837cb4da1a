import type { JobState } from '../job-manager-gateway.js';
import type { JobContext, JobEvent, JobOutcome, JobPhase, Transition } from '../job-phase.js';

const SHOWN: Readonly<Record<JobOutcome, JobState>> = { FINISHED: 'RUNNING', FAILED: 'FAILING', CANCELED: 'CANCELLING' };

/** No task runs any more: the directories of unfinished output are deleted, then the job has ended. */
export class CleaningUp implements JobPhase {
  readonly jobState: JobState;

  constructor(
    private readonly job: JobContext,
    private readonly outcome: JobOutcome,
  ) {
    this.jobState = SHOWN[outcome];
  }

  enter(): Transition | undefined {
    this.job.deleteScratch();
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    return event.type === 'scratchDeleted' ? { to: 'ended', outcome: this.outcome } : undefined;
  }
}
