import type { Clock, Logger, Timer } from '#core';
import type { SlotRun } from '../control/messages.js';
import { serializeError } from '../control/serialized-error.js';
import type { SlotAssignment, SlotCommand, SlotReport, SubtaskId } from '../task/deployment.js';
import type { SlotCarrier } from './slot-carrier.js';
import type { SlotCarrierSource } from './slot-carrier-source.js';

/** What a run needs of its TaskManager. */
export interface SlotRunServices {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly carriers: SlotCarrierSource;
  readonly cancellationIntervalMs: number;
  readonly cancellationTimeoutMs: number;
  report(run: SlotRun, report: SlotReport): void;
  /** Once, at the end: the thread is gone. */
  released(run: OccupiedSlot): void;
}

/**
 * What runs in a slot for one attempt of a region of a job.
 *
 * ```
 *  preparing ──▶ running ──▶ ending ──▶ released
 *      └───────────────────────┴───────────▲
 * ```
 * - `preparing`  the program is on its way; no thread is taken yet
 * - `running`    a carrier runs the tasks; when cancelled, it is asked to stop, and ended when it does not in time
 * - `ending`     the carrier is being ended
 */
export class OccupiedSlot {
  #phase: 'preparing' | 'running' | 'ending' | 'released' = 'preparing';
  #carrier: SlotCarrier | undefined;
  #watchdogs: Timer[] = [];
  #cancelled = false;

  constructor(
    readonly run: SlotRun,
    readonly subtasks: readonly SubtaskId[],
    private readonly services: SlotRunServices,
    /** How many run in the slot at the same time. */
    private readonly sharedBy = 1,
  ) {}

  get released(): boolean {
    return this.#phase === 'released';
  }

  /** The program is there: a carrier takes over. */
  begin(assignment: SlotAssignment): void {
    if (this.#phase !== 'preparing') return;
    this.#phase = 'running';
    const events = {
      onReport: (report: SlotReport): void => {
        this.#onReport(report);
      },
      onExit: (cause: Error): void => {
        this.#onExit(cause);
      },
    };
    const carrier = this.services.carriers.take(events, this.sharedBy);
    this.#carrier = carrier;
    carrier.send({ type: 'deploy', assignment });
  }

  command(command: SlotCommand): void {
    if (command.type === 'cancel') this.#cancel();
    else if (this.#phase === 'running') this.#carrier?.send(command);
  }

  /** The run cannot go on: whoever waits for it is told why. It stays until it is cancelled, unless it has no thread. */
  fail(error: unknown, subtask?: SubtaskId): void {
    if (this.#phase === 'ending' || this.#phase === 'released') return;
    this.services.report(this.run, { type: 'failed', subtask, error: serializeError(error) });
    if (this.#phase === 'preparing') this.#release();
  }

  /** Ends at once, whatever its tasks do. */
  async terminate(): Promise<void> {
    if (this.#phase === 'released') return;
    this.#phase = 'ending';
    this.#callOffWatchdogs();
    await this.#carrier?.terminate();
    this.#release();
  }

  #cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    if (this.#phase === 'preparing') return this.#release();
    if (this.#phase !== 'running') return;
    this.#carrier?.send({ type: 'cancel' });
    this.#watch();
  }

  #watch(): void {
    const { clock, logger, cancellationIntervalMs, cancellationTimeoutMs } = this.services;
    const remind = (): void => {
      logger.warn('tasks were cancelled and have not stopped yet', { ...this.run });
      this.#watchdogs[0] = clock.setTimer(cancellationIntervalMs, remind, { background: true });
    };
    this.#watchdogs = [clock.setTimer(cancellationIntervalMs, remind, { background: true })];
    if (cancellationTimeoutMs <= 0) return;
    this.#watchdogs.push(
      clock.setTimer(
        cancellationTimeoutMs,
        () => {
          logger.error(`tasks did not stop within ${cancellationTimeoutMs} ms: their thread is ended`, { ...this.run });
          void this.terminate();
        },
        { background: true },
      ),
    );
  }

  #onReport(report: SlotReport): void {
    if (this.#phase !== 'running') return;
    if (report.type === 'ended') void this.terminate();
    else this.services.report(this.run, report);
  }

  #onExit(cause: Error): void {
    if (this.#phase !== 'running') return;
    if (!this.#cancelled) this.services.report(this.run, { type: 'failed', subtask: undefined, error: serializeError(cause) });
    this.#release();
  }

  #release(): void {
    if (this.#phase === 'released') return;
    this.#phase = 'released';
    this.#callOffWatchdogs();
    this.services.released(this);
  }

  #callOffWatchdogs(): void {
    for (const watchdog of this.#watchdogs.splice(0)) watchdog.cancel();
  }
}
