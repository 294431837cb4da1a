import type { JobState } from '../job-manager-gateway.js';
import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** What the attempt is to begin from is looked up: the latest checkpoint, or the savepoint that the job was submitted with. */
export class Beginning implements JobPhase {
  readonly jobState: JobState;

  constructor(private readonly job: JobContext) {
    this.jobState = job.executions.attempt === 0 ? 'INITIALIZING' : 'RESTARTING';
  }

  enter(): Transition | undefined {
    if (!this.job.checkpointed) return { to: 'waitingForSlots' };
    this.job.findBeginning();
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'beginningFound':
        return { to: 'waitingForSlots' };
      case 'failed':
        return this.#failed();
      case 'cancel':
        this.job.executions.enterAll('CANCELED');
        return { to: 'cleaningUp', outcome: 'CANCELED' };
      default:
        return undefined;
    }
  }

  /** At first the job is not begun at all; later it is tried again, as after any failure. */
  #failed(): Transition {
    this.job.executions.enterAll('CANCELED');
    const decision = this.jobState === 'INITIALIZING' ? undefined : this.job.decideRestart();
    return decision?.restart === true ? { to: 'restarting', delayMs: decision.delayMs } : { to: 'cleaningUp', outcome: 'FAILED' };
  }
}
