import type { FrozenMemtable } from './frozen-memtable.js';
import type { Run } from './run.js';

/** What the store held at one time: it stays on disk until it is released. */
export class StoreSnapshot {
  #released = false;

  /**
   * @param frozen written out or not, newest first; awaited by the snapshot.
   * @param older retained by the snapshot.
   */
  constructor(
    private readonly frozen: readonly FrozenMemtable[],
    private readonly older: readonly Run[],
  ) {}

  /** Whether all is in files: `runs` may be asked for then. */
  get written(): boolean {
    return this.frozen.every((memtable) => memtable.written);
  }

  /** Newest first. */
  get runs(): readonly Run[] {
    return [...this.frozen.flatMap((memtable) => memtable.run ?? []), ...this.older];
  }

  /** Its files may go as soon as nothing else needs them. May be called more than once. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const memtable of this.frozen) memtable.forgo();
    for (const run of this.older) run.release();
  }
}
