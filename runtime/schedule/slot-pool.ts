import type { JobId, TaskManagerId } from '#core';
import type { SlotSituation } from './errors.js';
import { type ChosenSlot, spreadOut } from './spread-out.js';

/** Whose a slot is: attempts of a job, or of its regions, that run there side by side. */
export interface SlotOwner {
  readonly jobId: JobId;
  readonly attempts: readonly number[];
}

interface HeldSlot {
  readonly jobId: JobId;
  readonly attempts: Set<number>;
}

interface PooledTaskManager {
  readonly id: TaskManagerId;
  readonly slots: (HeldSlot | undefined)[];
}

/** Which slots there are in the cluster, and which attempts of which job have each. In the order in which TaskManagers came. */
export class SlotPool {
  readonly #taskManagers = new Map<TaskManagerId, PooledTaskManager>();

  add(id: TaskManagerId, slots: number): void {
    this.#taskManagers.set(id, { id, slots: Array.from({ length: slots }, () => undefined) });
  }

  remove(id: TaskManagerId): void {
    this.#taskManagers.delete(id);
  }

  /** Takes a slot for each owner, all or none. */
  take(owners: readonly SlotOwner[]): readonly ChosenSlot<TaskManagerId>[] | undefined {
    const chosen = spreadOut(
      [...this.#taskManagers.values()].map(({ id, slots }) => ({
        target: id,
        total: slots.length,
        free: slots.flatMap((taken, slot) => (taken ? [] : [slot])),
      })),
      owners.length,
    );
    chosen?.forEach(({ target, slot }, index) => {
      const { jobId, attempts } = owners[index]!;
      this.#taskManagers.get(target)!.slots[slot] = { jobId, attempts: new Set(attempts) };
    });
    return chosen;
  }

  /** Whether the slot is there and the job's. */
  holds(id: TaskManagerId, slot: number, jobId: JobId): boolean {
    return this.#taskManagers.get(id)?.slots[slot]?.jobId === jobId;
  }

  /** More of a job runs in a slot that it {@link holds}. */
  share(id: TaskManagerId, slot: number, { attempts }: SlotOwner): void {
    for (const attempt of attempts) this.#taskManagers.get(id)?.slots[slot]?.attempts.add(attempt);
  }

  /** An attempt has left a slot, unless by now it belongs to others. Answers whether it became free. */
  free(id: TaskManagerId, slot: number, { jobId, attempt }: { readonly jobId: JobId; readonly attempt: number }): boolean {
    const slots = this.#taskManagers.get(id)?.slots;
    const held = slots?.[slot];
    if (!slots || held?.jobId !== jobId || !held.attempts.delete(attempt) || held.attempts.size > 0) return false;
    slots[slot] = undefined;
    return true;
  }

  get total(): number {
    return this.#sum(() => true);
  }

  get available(): number {
    return this.#sum((held) => held === undefined);
  }

  availableAt(id: TaskManagerId): number {
    return this.#taskManagers.get(id)?.slots.filter((held) => held === undefined).length ?? 0;
  }

  situation(required: number): SlotSituation {
    return { required, available: this.available, taskManagers: this.#taskManagers.size, total: this.total };
  }

  #sum(counts: (held: HeldSlot | undefined) => boolean): number {
    return [...this.#taskManagers.values()].reduce((sum, { slots }) => sum + slots.filter(counts).length, 0);
  }
}
