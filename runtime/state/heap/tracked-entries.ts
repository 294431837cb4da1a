import { Bitmap } from './bitmap.js';
import { ChangeMarks } from './change-marks.js';
import type { Slice, SnapshotRound } from './snapshot-part.js';

/**
 * Which entries of a table changed since the last snapshot, and which of them one under way has still to write: each is written in its
 * turn, or before it is changed, whatever comes first.
 *
 * ```
 *  change(7) ─▶ does 7 await? yes: what it was is written into the snapshot first
 *            ─▶ mark 7 as changed, for the next snapshot
 * ```
 */
export class TrackedEntries {
  readonly #changes = new ChangeMarks();
  #round: SnapshotRound | undefined;
  /** What the round has still to write. */
  #awaiting: Bitmap | undefined;
  #cursor = 0;

  /** @param write puts an entry into the round's segment, or says there that it is gone. */
  constructor(private readonly write: (entry: number, round: SnapshotRound) => void) {}

  /** Whether a snapshot is under way. */
  get writing(): boolean {
    return this.#awaiting !== undefined;
  }

  /** To be called before the entry is changed, or made. */
  change(entry: number): void {
    if (this.#awaiting !== undefined) this.writeEarly(entry);
    this.#changes.add(entry);
  }

  /** Writes the entry if a snapshot awaits it; when that fails, so does the snapshot. */
  writeEarly(entry: number): void {
    if (this.#awaiting?.has(entry) !== true) return;
    try {
      this.#write(entry);
    } catch (error) {
      this.#round!.fail(error);
    }
  }

  /** @param end all entries are below. */
  begin(round: SnapshotRound, end: number): void {
    this.#round = round;
    this.#cursor = 0;
    this.#awaiting = round.whole ? Bitmap.below(end) : this.#changes.changed();
    if (round.base) this.#changes.take(round.checkpointId);
  }

  /** Writes entries until the slice is over; answers whether all are written. */
  writeSome(slice: Slice): boolean {
    const awaiting = this.#awaiting;
    if (awaiting === undefined) return true;
    for (let entry = awaiting.next(this.#cursor); entry >= 0; entry = awaiting.next(entry + 1)) {
      this.#write(entry);
      this.#cursor = entry + 1;
      if (slice.over()) return false;
    }
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#awaiting = undefined;
  }

  confirm(checkpointId: number): void {
    this.#changes.confirm(checkpointId);
  }

  abort(checkpointId: number): void {
    this.#changes.abort(checkpointId);
  }

  #write(entry: number): void {
    this.#awaiting!.delete(entry);
    this.write(entry, this.#round!);
  }
}
