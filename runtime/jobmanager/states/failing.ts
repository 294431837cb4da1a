import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';
import type { RestartDecision } from '../restart/recovery.js';

/** Something failed: the other tasks are cancelled. What fails meanwhile is only noted. */
export class Failing implements JobPhase {
  readonly jobState = 'FAILING';

  /** @param decision what follows, when it is known already. */
  constructor(
    private readonly job: JobContext,
    private readonly decision: RestartDecision | undefined,
  ) {}

  enter(): Transition | undefined {
    this.job.cancelSlots(this.job.executions.regions);
    return this.#next();
  }

  on(event: JobEvent): Transition | undefined {
    if (event.type === 'cancel') return { to: 'cancelling' };
    return this.#next();
  }

  #next(): Transition | undefined {
    if (!this.job.drained(this.job.executions.regions)) return undefined;
    const decision = this.decision ?? this.job.decideRestart();
    return decision.restart ? { to: 'restarting', delayMs: decision.delayMs } : { to: 'cleaningUp', outcome: 'FAILED' };
  }
}
