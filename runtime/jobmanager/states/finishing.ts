import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/**
 * All tasks have finished: their output is made visible, while their slots come free. It is too late to cancel, and a TaskManager that is
 * lost now takes nothing with it.
 */
export class Finishing implements JobPhase {
  readonly jobState = 'RUNNING';
  #outcome: 'FINISHED' | 'FAILED' | undefined;

  constructor(private readonly job: JobContext) {}

  enter(): Transition | undefined {
    this.job.publish();
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    if (event.type === 'published') this.#outcome = 'FINISHED';
    if (event.type === 'publishFailed') this.#outcome = 'FAILED';
    return this.#outcome !== undefined && this.job.drained(this.job.executions.regions)
      ? { to: 'cleaningUp', outcome: this.#outcome }
      : undefined;
  }
}
