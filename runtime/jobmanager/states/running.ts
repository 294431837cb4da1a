import type { ExecutionPlace } from '../../schedule/execution.js';
import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** All tasks are deployed at once and run, until all have finished or one has failed. */
export class Running implements JobPhase {
  readonly jobState = 'RUNNING';

  constructor(
    private readonly job: JobContext,
    private readonly places: readonly ExecutionPlace[],
  ) {}

  enter(): Transition | undefined {
    this.job.deploy(this.places);
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'taskFinished':
        return this.job.executions.allFinished ? { to: 'finishing' } : undefined;
      case 'failed':
        return { to: 'failing' };
      case 'cancel':
        return { to: 'cancelling' };
      default:
        return undefined;
    }
  }
}
