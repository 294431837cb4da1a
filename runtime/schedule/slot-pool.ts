import type { JobId, TaskManagerId } from '#core';
import type { SlotSituation } from './errors.js';
import { type ChosenSlot, spreadOut } from './spread-out.js';

/** Whose a slot is. */
interface SlotOwner {
  readonly jobId: JobId;
  readonly attempt: number;
}

interface PooledTaskManager {
  readonly id: TaskManagerId;
  readonly slots: (SlotOwner | undefined)[];
}

/** Which slots there are in the cluster, and which attempt of which job has each. In the order in which TaskManagers came. */
export class SlotPool {
  readonly #taskManagers = new Map<TaskManagerId, PooledTaskManager>();

  add(id: TaskManagerId, slots: number): void {
    this.#taskManagers.set(id, { id, slots: Array.from({ length: slots }, () => undefined) });
  }

  remove(id: TaskManagerId): void {
    this.#taskManagers.delete(id);
  }

  /** Takes `count` slots for an attempt, all or none. */
  take(count: number, owner: SlotOwner): readonly ChosenSlot<TaskManagerId>[] | undefined {
    const chosen = spreadOut(
      [...this.#taskManagers.values()].map(({ id, slots }) => ({
        target: id,
        total: slots.length,
        free: slots.flatMap((taken, slot) => (taken ? [] : [slot])),
      })),
      count,
    );
    for (const { target, slot } of chosen ?? []) this.#taskManagers.get(target)!.slots[slot] = owner;
    return chosen;
  }

  /** Gives a slot back, unless by now it belongs to another attempt. Answers whether it became free. */
  free(id: TaskManagerId, slot: number, owner: SlotOwner): boolean {
    const slots = this.#taskManagers.get(id)?.slots;
    const current = slots?.[slot];
    if (!slots || current?.jobId !== owner.jobId || current.attempt !== owner.attempt) return false;
    slots[slot] = undefined;
    return true;
  }

  get total(): number {
    return this.#sum(() => true);
  }

  get available(): number {
    return this.#sum((owner) => owner === undefined);
  }

  availableAt(id: TaskManagerId): number {
    return this.#taskManagers.get(id)?.slots.filter((owner) => owner === undefined).length ?? 0;
  }

  situation(required: number): SlotSituation {
    return { required, available: this.available, taskManagers: this.#taskManagers.size, total: this.total };
  }

  #sum(counts: (owner: SlotOwner | undefined) => boolean): number {
    return [...this.#taskManagers.values()].reduce((sum, { slots }) => sum + slots.filter(counts).length, 0);
  }
}
