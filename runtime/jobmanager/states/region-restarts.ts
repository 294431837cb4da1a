import { describeWaiting, NoResourceAvailableError } from '../../schedule/errors.js';
import type { Regions } from '../deployments.js';
import type { JobContext, JobEvent, Transition } from '../job-phase.js';

/** Regions that failed at about the same time, on their way back. */
interface Restart {
  readonly id: number;
  readonly regions: Set<number>;
  step: 'cancelling' | 'delayed' | 'beginning' | 'waiting';
}

/**
 * Regions of a running job that failed begin again, while the others go on.
 *
 * ```
 *  failed ──▶ cancelling ──▶ delayed ──▶ beginning ──▶ waiting ──▶ they run again
 *                 │           (restart    (looks for    (slots)
 *                 │            strategy)   checkpoint)     │
 *                 └──────────────────────────┴─────────────┴──▶ the job fails: as a whole it begins again, or ends
 * ```
 * What fails while others are being cancelled joins them: one cause is one failure for the restart strategy, however many regions it meets.
 */
export class RegionRestarts {
  #restarts: readonly Restart[] = [];
  #made = 0;

  constructor(private readonly job: JobContext) {}

  /** Slots that are waited for. */
  get slotsWanted(): number {
    return this.#in('waiting').reduce((sum, { regions }) => sum + this.job.slotsNeeded(regions), 0);
  }

  /** They failed: it is in the history. */
  failed(regions: Regions): Transition | undefined {
    const fresh = [...regions].filter((region) => !this.#restarts.some((restart) => restart.regions.has(region)));
    if (fresh.length === 0) return undefined;
    const restart = this.#in('cancelling')[0] ?? this.#newRestart();
    for (const region of fresh) restart.regions.add(region);
    this.job.interruptCheckpoints();
    this.job.cancelSlots(new Set(fresh));
    return this.#decide(restart);
  }

  on(event: JobEvent): Transition | undefined {
    switch (event.type) {
      case 'slotReleased':
        return first(this.#in('cancelling'), (restart) => this.#decide(restart));
      case 'restartDue':
        return first(this.#named(event.restart), (restart) => this.#begin(restart));
      case 'beginningFound':
        return first(this.#named(event.restart), (restart) => this.#wait(restart));
      case 'slotsChanged':
        for (const restart of this.#in('waiting')) this.#deploy(restart);
        return undefined;
      case 'slotTimeout':
        return first(this.#named(event.restart), (restart) => this.#giveUp(restart));
      default:
        return undefined;
    }
  }

  #decide(restart: Restart): Transition | undefined {
    const { job } = this;
    if (!job.drained(restart.regions)) return undefined;
    const reason = job.restartsWhole();
    if (reason !== undefined) {
      job.logger.warn(`the whole job is restarted, not only the region that failed: ${reason}`);
      return { to: 'failing' };
    }
    const decision = job.decideRegionRestart();
    if (!decision.restart) return { to: 'failing', decision };
    job.failures.nextAttempt();
    restart.step = 'delayed';
    if (decision.delayMs === 0) return this.#begin(restart);
    job.after(decision.delayMs, { type: 'restartDue', restart: restart.id });
    return undefined;
  }

  #begin(restart: Restart): Transition | undefined {
    this.job.beginNextAttemptOf(restart.regions);
    if (!this.job.checkpointed) return this.#wait(restart);
    restart.step = 'beginning';
    this.job.findBeginning(restart.id);
    return undefined;
  }

  #wait(restart: Restart): undefined {
    restart.step = 'waiting';
    for (const execution of this.job.executions.executionsOf(restart.regions)) execution.enter('SCHEDULED');
    if (this.#deploy(restart)) return;
    const { job } = this;
    job.logger.warn(`regions of the job are ${describeWaiting(job.slotSituation(restart.regions))}`, { timeoutMs: job.slotTimeoutMs });
    job.after(job.slotTimeoutMs, { type: 'slotTimeout', restart: restart.id });
  }

  #deploy(restart: Restart): boolean {
    const places = this.job.takeSlots(restart.regions);
    if (places !== undefined) {
      this.#restarts = this.#restarts.filter((other) => other !== restart);
      this.job.deploy(restart.regions, places);
    }
    const [waiting] = this.#in('waiting');
    this.job.setNotice(waiting && describeWaiting(this.job.slotSituation(waiting.regions)));
    return places !== undefined;
  }

  #giveUp({ step, regions }: Restart): Transition | undefined {
    if (step !== 'waiting') return undefined;
    this.job.setNotice(undefined);
    this.job.failures.record(new NoResourceAvailableError(this.job.slotSituation(regions), this.job.slotTimeoutMs));
    return { to: 'failing', decision: { restart: false } };
  }

  #newRestart(): Restart {
    const restart: Restart = { id: ++this.#made, regions: new Set(), step: 'cancelling' };
    this.#restarts = [...this.#restarts, restart];
    return restart;
  }

  #in(step: Restart['step']): readonly Restart[] {
    return this.#restarts.filter((restart) => restart.step === step);
  }

  #named(id: number | undefined): readonly Restart[] {
    return this.#restarts.filter((restart) => restart.id === id);
  }
}

/** What comes first of doing something with each. */
function first(restarts: readonly Restart[], work: (restart: Restart) => Transition | undefined): Transition | undefined {
  for (const restart of restarts) {
    const transition = work(restart);
    if (transition !== undefined) return transition;
  }
  return undefined;
}
