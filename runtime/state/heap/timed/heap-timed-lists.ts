import type { ListIndex, TimedLists } from '../../keyed-state-backend.js';
import type { CurrentKey } from '../current-key.js';
import type { KeyDirectory } from '../key-directory.js';
import { TrackedEntries } from '../tracked-entries.js';
import { BlockList } from './block-list.js';
import { BLOCK, KeyPlaces, LATEST, PLACE_INTS, placeAt } from './key-places.js';
import { StretchSerials } from './stretch-serials.js';
import { TimedListsTable, type WrittenList } from './timed-lists-table.js';

/** Slots that one `append` looks at, when something was dropped. */
const SWEPT_AT_ONCE = 8;
/** Memory is taken back so often while a stretch of time passes. */
const RECLAIMED_PER_STRETCH = 4;

export interface HeapTimedListsSpec {
  readonly stretchMs: number;
  readonly written: readonly [WrittenList, WrittenList];
}

/**
 * Lists in memory: the slot of a key is found once for all, by the slot a place, which names the last block of either list. So a record
 * costs a handful of misses of the cache, however many keys there are.
 *
 * ```
 *  key ─▶ slot ─▶ place ─┬▶ list 0: block ─▶ block before it ─▶ …
 *                        └▶ list 1: block ─▶ …
 * ```
 * What is dropped is passed over at once; its memory and the slots of keys that have nothing left are taken back later, a little at a time.
 */
export class HeapTimedLists implements TimedLists {
  readonly lists: readonly [BlockList, BlockList] = [new BlockList(0), new BlockList(1)];
  readonly places = new KeyPlaces();
  readonly serials: StretchSerials;
  /** Their share of snapshots. */
  readonly part: TrackedEntries;
  readonly #stepMs: number;
  /** By list: how far memory was taken back. */
  readonly #steps: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** Something was dropped, of which the memory was not taken back. */
  #owed = false;
  /** Slots that are still to be looked at, from the next on. */
  #unswept = 0;
  #nextSwept = 0;

  constructor(
    private readonly keys: KeyDirectory,
    private readonly current: CurrentKey,
    { stretchMs, written }: HeapTimedListsSpec,
  ) {
    this.part = new TrackedEntries(new TimedListsTable(keys, this, written));
    this.serials = new StretchSerials(stretchMs);
    this.#stepMs = Math.max(1, stretchMs / RECLAIMED_PER_STRETCH);
  }

  append(list: ListIndex, time: number, value: unknown): void {
    if (time < this.lists[list].dropped) return;
    this.add(this.current.ensureSlot(), list, time, value);
    if (this.#unswept > 0) this.#sweep();
  }

  /** Appends to a list of the key of the slot. */
  add(slot: number, list: ListIndex, time: number, value: unknown): void {
    const { places } = this;
    places.reserve(slot);
    this.part.change(slot);
    const chunk = places.of(slot);
    const at = placeAt(slot);
    if (chunk.ints[at + BLOCK] === 0 && chunk.ints[at + BLOCK + 1] === 0) this.keys.retain(slot);
    this.lists[list].append(chunk, at, time, value);
    this.serials.note(time);
  }

  forEach(list: ListIndex, from: number, to: number, call: (value: unknown, time: number) => void): void {
    const { slot } = this.current;
    if (slot >= 0 && slot < this.places.end) this.lists[list].forEach(this.places.of(slot), placeAt(slot), from, to, call);
  }

  dropBefore(list: ListIndex, time: number): void {
    if (!(time > this.lists[list].dropped)) return;
    this.lists[list].dropped = time;
    const step = Math.floor(time / this.#stepMs);
    if (step === this.#steps[list]) return;
    this.#steps[list] = step;
    this.#owed = true;
    this.reclaim();
  }

  /** Takes memory back, if any can be. To be called when a snapshot was written, too. */
  reclaim(): void {
    if (!this.#owed || this.part.writing) return;
    this.#owed = false;
    const [one, other] = this.lists;
    one.reclaim();
    other.reclaim();
    this.serials.forget(Math.min(one.dropped, other.dropped));
    this.#unswept = this.keys.end;
  }

  #sweep(): void {
    if (this.part.writing) return;
    for (let left = Math.min(SWEPT_AT_ONCE, this.#unswept); left > 0; left--) {
      if (this.#nextSwept >= this.keys.end) this.#nextSwept = 0;
      const slot = this.#nextSwept++;
      this.#unswept--;
      if (slot < this.places.end) this.#giveUp(slot);
    }
  }

  /** Gives the slot up when its key has nothing left. */
  #giveUp(slot: number): void {
    const { ints, doubles } = this.places.of(slot);
    const at = placeAt(slot);
    if (ints[at + BLOCK] === 0 && ints[at + BLOCK + 1] === 0) return;
    const latest = (at >>> 1) + LATEST;
    const [one, other] = this.lists;
    if (ints[at + BLOCK] !== 0 && doubles[latest]! >= one.dropped) return;
    if (ints[at + BLOCK + 1] !== 0 && doubles[latest + 1]! >= other.dropped) return;
    ints.fill(0, at, at + PLACE_INTS);
    this.keys.release(slot);
  }
}
