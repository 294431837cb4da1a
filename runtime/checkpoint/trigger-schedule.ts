import type { Clock, Random, Timer } from '#core';
import type { CheckpointSettings } from './checkpoint-settings.js';

/**
 * When checkpoints begin by themselves: at fixed times, of which those are put off that would come too early after the one before, or be
 * one too many under way.
 */
export class TriggerSchedule {
  #timer: Timer | undefined;
  #nextMs: number | undefined;
  #endedMs = Number.NEGATIVE_INFINITY;

  /** @param trigger begins a checkpoint. */
  constructor(
    private readonly settings: Pick<CheckpointSettings, 'intervalMs' | 'minPauseMs'>,
    private readonly clock: Clock,
    private readonly trigger: () => void,
  ) {}

  /** The first one comes at a random time, so that the jobs of a cluster do not all begin at once. */
  start(random: Random): void {
    const { intervalMs, minPauseMs } = this.settings;
    if (intervalMs === undefined || this.#nextMs !== undefined) return;
    const spread = Math.max(0, intervalMs - minPauseMs);
    this.#nextMs = this.clock.monotonicMs() + Math.min(intervalMs, minPauseMs) + Math.floor(random.next() * (spread + 1));
  }

  stop(): void {
    this.#nextMs = undefined;
    this.#setTimer(undefined);
  }

  /** A checkpoint that counts has completed or failed. */
  ended(): void {
    this.#endedMs = this.clock.monotonicMs();
  }

  /** @param free whether one more may be under way. */
  plan(free: boolean): void {
    if (this.#nextMs === undefined) return;
    this.#setTimer(free ? Math.max(this.#nextMs, this.#endedMs + this.settings.minPauseMs) : undefined);
  }

  #setTimer(atMs: number | undefined): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (atMs === undefined) return;
    const delayMs = Math.max(0, atMs - this.clock.monotonicMs());
    this.#timer = this.clock.setTimer(
      delayMs,
      () => {
        this.#timer = undefined;
        this.#due();
      },
      { background: true },
    );
  }

  #due(): void {
    const { intervalMs } = this.settings;
    if (intervalMs === undefined || this.#nextMs === undefined) return;
    // Times that have gone by while a checkpoint took long are not made up for.
    const nowMs = this.clock.monotonicMs();
    this.#nextMs += intervalMs * Math.max(1, Math.ceil((nowMs - this.#nextMs) / intervalMs));
    this.trigger();
  }
}
