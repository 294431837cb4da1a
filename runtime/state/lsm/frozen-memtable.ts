import type { Memtable } from './memtable.js';
import type { Run } from './run.js';

/** A memtable that takes no more and is being written out. Snapshots wait for the run it becomes. */
export class FrozenMemtable {
  /** Undefined until it is written, and when nothing had to be. */
  run: Run | undefined;
  written = false;
  #waiting = 0;

  constructor(readonly table: Memtable) {}

  /** The run is retained once more when it is there. */
  await(): void {
    this.#waiting++;
  }

  /** The memtable is written. */
  become(run: Run | undefined): void {
    this.run = run;
    this.written = true;
    for (; this.#waiting > 0; this.#waiting--) run?.retain();
  }

  /** Undoes {@link await}. */
  forgo(): void {
    if (this.written) this.run?.release();
    else this.#waiting--;
  }
}
