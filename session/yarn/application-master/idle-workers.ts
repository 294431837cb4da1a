import type { TaskManagerId } from '#core';
import type { SlotDemand } from '#runtime';

/** Knows since when TaskManagers have had nothing to do. Times are those of one clock, ms. */
export class IdleWorkers {
  readonly #since = new Map<TaskManagerId, number>();

  update({ missing, workers }: SlotDemand, nowMs: number): void {
    const idle = workers.filter(({ slots, freeSlots }) => missing === 0 && freeSlots === slots).map(({ taskManagerId }) => taskManagerId);
    for (const id of [...this.#since.keys()]) if (!idle.includes(id)) this.#since.delete(id);
    for (const id of idle) if (!this.#since.has(id)) this.#since.set(id, nowMs);
  }

  /** Those that have been idle for that long. */
  for(timeoutMs: number, nowMs: number): readonly TaskManagerId[] {
    return [...this.#since].filter(([, since]) => nowMs - since >= timeoutMs).map(([id]) => id);
  }
}
