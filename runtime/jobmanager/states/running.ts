import type { ExecutionPlace } from '../../schedule/execution.js';
import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';
import { RegionRestarts } from './region-restarts.js';

/** All tasks are deployed at once and run, until all have finished or one has failed; of several regions only those that failed restart. */
export class Running implements JobPhase {
  readonly jobState = 'RUNNING';
  readonly #regions: RegionRestarts;

  constructor(
    private readonly job: JobContext,
    private readonly places: readonly ExecutionPlace[],
  ) {
    this.#regions = new RegionRestarts(job);
  }

  get slotsWanted(): number {
    return this.#regions.slotsWanted;
  }

  enter(): Transition | undefined {
    this.job.deploy(this.job.executions.regions, this.places);
    this.job.startCheckpoints();
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'taskFinished':
        return this.job.executions.allFinished ? { to: 'finishing' } : undefined;
      case 'failed':
        return event.regions === undefined || this.job.executions.regions.size === 1
          ? { to: 'failing' }
          : this.#regions.failed(event.regions);
      case 'cancel':
        return { to: 'cancelling' };
      default:
        return this.#regions.on(event);
    }
  }
}
