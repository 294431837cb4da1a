import type { JobState } from '../job-manager-gateway.js';
import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** It is found out which checkpoint or savepoint the attempt begins from, if any. */
export class Preparing implements JobPhase {
  readonly jobState: JobState;

  constructor(private readonly job: JobContext) {
    this.jobState = job.executions.attempt === 0 ? 'CREATED' : 'RESTARTING';
  }

  enter(): Transition | undefined {
    return this.job.prepare() ? undefined : { to: 'waitingForSlots' };
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'prepared':
        return { to: 'waitingForSlots' };
      case 'preparationFailed':
        return this.#end('FAILED');
      case 'cancel':
        return this.#end('CANCELED');
      default:
        return undefined;
    }
  }

  #end(outcome: 'FAILED' | 'CANCELED'): Transition {
    this.job.executions.enterAll('CANCELED');
    return { to: 'cleaningUp', outcome };
  }
}
