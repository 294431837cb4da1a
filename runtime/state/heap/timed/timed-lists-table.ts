import type { ListIndex } from '../../keyed-state-backend.js';
import { NO_SUB_KEY } from '../../segment/segment-writer.js';
import type { KeyDirectory } from '../key-directory.js';
import type { SnapshotRound } from '../snapshot-part.js';
import type { TrackedTable } from '../tracked-entries.js';
import type { ValueForm } from '../value-form.js';
import type { HeapTimedLists } from './heap-timed-lists.js';
import { placeAt } from './key-places.js';

/** How a list is written. */
export interface WrittenList {
  /** Of its state. */
  readonly index: number;
  readonly form: ValueForm;
}

/** How lists go into snapshots: all that both lists of a key have, when one of them has changed. */
export class TimedListsTable implements TrackedTable {
  /** By list: what was dropped when the round began. */
  #dropped: readonly [number, number] = [0, 0];

  constructor(
    private readonly keys: KeyDirectory,
    private readonly lists: HeapTimedLists,
    private readonly written: readonly [WrittenList, WrittenList],
  ) {}

  end(): number {
    return this.keys.end;
  }

  begun(): void {
    const [one, other] = this.lists.lists;
    this.#dropped = [one.dropped, other.dropped];
  }

  ended(): void {
    this.lists.reclaim();
  }

  write(slot: number, round: SnapshotRound): void {
    if (slot >= this.lists.places.end) return;
    this.#writeList(slot, 0, round);
    this.#writeList(slot, 1, round);
  }

  /** An entry for each stretch of time that the list has something in. */
  #writeList(slot: number, list: ListIndex, { writer }: SnapshotRound): void {
    const { keys } = this;
    const { index, form } = this.written[list];
    for (const [serial, entries] of this.#entriesOf(slot, list)) {
      writer.put({ state: index, serial }, keys.keyGroupOf(slot), keys.keyAt(slot), NO_SUB_KEY, form, entries);
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
