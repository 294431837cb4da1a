import { describeWaiting, NoResourceAvailableError } from '../../schedule/errors.js';
import type { JobContext, JobEvent, JobPhase, Transition } from '../job-phase.js';

/** The job needs slots, all at once. TaskManagers may still be coming, so it waits, but says so; where none can come, it fails at once. */
export class WaitingForSlots implements JobPhase {
  readonly jobState = 'CREATED';

  constructor(private readonly job: JobContext) {}

  get slotsWanted(): number {
    return this.job.executions.slotRequests.length;
  }

  enter(): Transition | undefined {
    this.job.executions.enterAll('SCHEDULED');
    const taken = this.#take();
    if (taken) return taken;
    if (!this.job.slotsPossible) return this.#giveUp(0);
    this.job.logger.warn(`job is ${this.#tellWaiting()}`, { timeoutMs: this.job.slotTimeoutMs });
    this.job.after(this.job.slotTimeoutMs, { type: 'slotTimeout' });
    return undefined;
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'slotsChanged':
        return this.#takeOrTell();
      case 'slotTimeout':
        return this.#giveUp(this.job.slotTimeoutMs);
      case 'cancel':
        this.job.setNotice(undefined);
        this.job.executions.enterAll('CANCELED');
        return { to: 'cleaningUp', outcome: 'CANCELED' };
      default:
        return undefined;
    }
  }

  #takeOrTell(): Transition | undefined {
    const taken = this.#take();
    if (!taken) this.#tellWaiting();
    return taken;
  }

  #tellWaiting(): string {
    const notice = describeWaiting(this.job.slotSituation(this.job.executions.regions));
    this.job.setNotice(notice);
    return notice;
  }

  #take(): Transition | undefined {
    const places = this.job.takeSlots(this.job.executions.regions);
    if (!places) return undefined;
    this.job.setNotice(undefined);
    return { to: 'running', places };
  }

  #giveUp(waitedMs: number): Transition {
    this.job.setNotice(undefined);
    this.job.failures.record(new NoResourceAvailableError(this.job.slotSituation(this.job.executions.regions), waitedMs));
    this.job.executions.enterAll('CANCELED');
    return { to: 'cleaningUp', outcome: 'FAILED' };
  }
}
