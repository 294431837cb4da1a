import { Bitmap } from './bitmap.js';

/** Which slots of a table have changed since the last confirmed snapshot. */
export class ChangeMarks {
  /** Since the last snapshot that is a base. */
  #dirty = new Bitmap();
  /** What snapshots that are neither confirmed nor aborted have taken from `#dirty`, by checkpoint. */
  readonly #taken = new Map<number, Bitmap>();

  add(slot: number): void {
    this.#dirty.add(slot);
  }

  /** The slots that a snapshot has to write when it is not whole; for it to keep. */
  changed(): Bitmap {
    const changed = this.#dirty.copy();
    for (const taken of this.#taken.values()) changed.addAll(taken);
    return changed;
  }

  /** The snapshot of the checkpoint holds all that changed until now. */
  take(checkpointId: number): void {
    this.#taken.set(checkpointId, this.#dirty);
    this.#dirty = new Bitmap();
  }

  confirm(checkpointId: number): void {
    for (const id of this.#taken.keys()) if (id <= checkpointId) this.#taken.delete(id);
  }

  abort(checkpointId: number): void {
    const taken = this.#taken.get(checkpointId);
    if (taken === undefined) return;
    this.#taken.delete(checkpointId);
    this.#dirty.addAll(taken);
  }
}
