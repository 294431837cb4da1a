import { Bitmap } from './bitmap.js';
import { ChangeMarks } from './change-marks.js';
import type { Slice, SnapshotPart, SnapshotRound } from './snapshot-part.js';

/** The table that the entries are in. */
export interface TrackedTable {
  /** All entries are below. */
  end(): number;
  /** Puts an entry into the round's segment, or says there that it is gone. */
  write(entry: number, round: SnapshotRound): void;
  begun?(round: SnapshotRound): void;
  /** No round is under way any more. */
  ended?(): void;
  /** Rounds up to this one are part of a complete checkpoint. */
  confirmed?(round: number): void;
}

/**
 * Entries of a table by number: which changed since the last snapshot, and which of them one under way has still to write. Each is written
 * in its turn, or before it is changed, whatever comes first.
 *
 * ```
 *  change(7) ─▶ does 7 await? yes: what it was is written into the snapshot first
 *            ─▶ mark 7 as changed, for the next snapshot
 * ```
 */
export class TrackedEntries implements SnapshotPart {
  readonly #changes = new ChangeMarks();
  #round: SnapshotRound | undefined;
  /** What the round has still to write. */
  #awaiting: Bitmap | undefined;
  #cursor = 0;

  constructor(private readonly table: TrackedTable) {}

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

  begin(round: SnapshotRound): void {
    this.#round = round;
    this.#cursor = 0;
    this.#awaiting = round.whole ? Bitmap.below(this.table.end()) : this.#changes.changed();
    if (round.base) this.#changes.take(round.checkpointId);
    this.table.begun?.(round);
  }

  writeSome(slice: Slice): boolean {
    const awaiting = this.#awaiting;
    if (awaiting === undefined) return true;
    for (let entry = awaiting.next(this.#cursor); entry >= 0; entry = awaiting.next(entry + 1)) {
      this.#write(entry);
      this.#cursor = entry + 1;
      if (slice.over()) return false;
    }
    this.end();
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#awaiting = undefined;
    this.table.ended?.();
  }

  confirm(checkpointId: number, round: number): void {
    this.#changes.confirm(checkpointId);
    this.table.confirmed?.(round);
  }

  abort(checkpointId: number): void {
    this.#changes.abort(checkpointId);
  }

  #write(entry: number): void {
    this.#awaiting!.delete(entry);
    this.table.write(entry, this.#round!);
  }
}
