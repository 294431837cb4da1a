import type { ListIndex } from '../../keyed-state-backend.js';
import { NO_SUB_KEY } from '../../segment/segment-writer.js';
import { Bitmap } from '../bitmap.js';
import { ChangeMarks } from '../change-marks.js';
import type { KeyDirectory } from '../key-directory.js';
import type { Slice, SnapshotPart, SnapshotRound } from '../snapshot-part.js';
import type { ValueForm } from '../value-form.js';
import type { ChangeWatch, HeapTimedLists } from './heap-timed-lists.js';
import { placeAt } from './key-places.js';

/** How a list is written. */
export interface WrittenList {
  /** Of its state. */
  readonly index: number;
  readonly form: ValueForm;
}

/** Which keys have changed, and what a snapshot under way has still to write. It writes all that both lists of a key have. */
export class TimedListsSnapshots implements SnapshotPart, ChangeWatch {
  readonly #changes = new ChangeMarks();
  #round: SnapshotRound | undefined;
  #awaiting: Bitmap | undefined;
  #cursor = 0;
  /** By list: what was dropped when the round began. */
  #dropped: readonly [number, number] = [0, 0];

  constructor(
    private readonly keys: KeyDirectory,
    private readonly lists: HeapTimedLists,
    private readonly written: readonly [WrittenList, WrittenList],
  ) {
    lists.watch = this;
  }

  get writing(): boolean {
    return this.#awaiting !== undefined;
  }

  change(slot: number): void {
    if (this.#awaiting?.has(slot) === true) this.#writeEarly(slot);
    this.#changes.add(slot);
  }

  begin(round: SnapshotRound): void {
    this.#round = round;
    this.#cursor = 0;
    this.#awaiting = round.whole ? Bitmap.below(this.keys.end) : this.#changes.changed();
    const [one, other] = this.lists.lists;
    this.#dropped = [one.dropped, other.dropped];
    if (round.base) this.#changes.take(round.checkpointId);
  }

  writeSome(slice: Slice): boolean {
    const awaiting = this.#awaiting;
    if (awaiting === undefined) return true;
    for (let slot = awaiting.next(this.#cursor); slot >= 0; slot = awaiting.next(slot + 1)) {
      this.#write(slot);
      this.#cursor = slot + 1;
      if (slice.over()) return false;
    }
    this.end();
    return true;
  }

  end(): void {
    this.#round = undefined;
    this.#awaiting = undefined;
    this.lists.reclaim();
  }

  confirm(checkpointId: number): void {
    this.#changes.confirm(checkpointId);
  }

  abort(checkpointId: number): void {
    this.#changes.abort(checkpointId);
  }

  #writeEarly(slot: number): void {
    try {
      this.#write(slot);
    } catch (error) {
      this.#round!.fail(error);
    }
  }

  #write(slot: number): void {
    this.#awaiting!.delete(slot);
    if (slot >= this.lists.places.end) return;
    this.#writeList(slot, 0);
    this.#writeList(slot, 1);
  }

  /** An entry for each stretch of time that the list has something in. */
  #writeList(slot: number, list: ListIndex): void {
    const { keys } = this;
    const { index, form } = this.written[list];
    for (const [serial, entries] of this.#entriesOf(slot, list)) {
      this.#round!.writer.put({ state: index, serial }, keys.keyGroupOf(slot), keys.keyAt(slot), NO_SUB_KEY, form, entries);
    }
  }

  #entriesOf(slot: number, list: ListIndex): ReadonlyMap<number, unknown[]> {
    const { lists, places, serials } = this.lists;
    const bySerial = new Map<number, unknown[]>();
    lists[list].walk(places.of(slot), placeAt(slot), this.#dropped[list], Number.POSITIVE_INFINITY, (value, time) => {
      const { serial, start } = serials.at(time);
      const entries = bySerial.get(serial);
      if (entries === undefined) bySerial.set(serial, [time - start, value]);
      else entries.push(time - start, value);
    });
    return bySerial;
  }
}
