import { KeySlots, NO_SLOT } from './key-slots.js';
import type { Column } from './state-table.js';

/** Bytes that a key takes, whatever is kept for it. */
const KEY_BYTES = 110;
/** So many keys are in memory in any case: the two that were asked for last, and the next. */
const FEWEST_KEYS = 3;

const FAR_ABOVE = 1.02;

/** How much may be in the caches of a backend. */
export class CacheBudget {
  readonly #caches: KeyCache[] = [];
  #usedBytes = 0;

  constructor(readonly limitBytes: number) {}

  get usedBytes(): number {
    return this.#usedBytes;
  }

  add(cache: KeyCache): void {
    this.#caches.push(cache);
  }

  remove(cache: KeyCache): void {
    this.#caches.splice(this.#caches.indexOf(cache), 1);
    this.#measure();
  }

  /** Takes away those of the caches that are in it. */
  removeAll(caches: ReadonlySet<unknown>): void {
    for (const cache of this.#caches.filter((candidate) => caches.has(candidate))) this.remove(cache);
  }

  /** Makes room when there is none, mostly a key of the cache that asks. */
  makeRoom(asking: KeyCache): void {
    this.#usedBytes += asking.keyBytes;
    if (this.#usedBytes < this.limitBytes) return;
    this.#measure();
    if (this.#usedBytes < this.limitBytes) return;
    const largest = this.#caches.length === 1 ? asking : this.#largest();
    if (largest.held) return;
    // More than one, so that the bytes go down when values have become larger.
    const count = this.#usedBytes > FAR_ABOVE * this.limitBytes ? 16 : 2;
    for (let i = 0; i < count && largest.size > FEWEST_KEYS; i++) this.#usedBytes -= largest.evict();
  }

  #measure(): void {
    this.#usedBytes = this.#caches.reduce((sum, { size, keyBytes }) => sum + size * keyBytes, 0);
  }

  #largest(): KeyCache {
    const weight = (cache: KeyCache) => (cache.held ? -1 : cache.size * cache.keyBytes);
    return this.#caches.reduce((largest, cache) => (weight(cache) > weight(largest) ? cache : largest));
  }
}

/**
 * Keys in memory with what is kept for them, a slot a key and a column a state. When there is no room, keys that were not used lately are
 * written back and leave (the clock algorithm).
 *
 * ```
 *  key ─▶ slot ─▶ column 0 [value, marks]   hand ─▶ used lately? ─no─▶ write back what was changed, give the slot to another
 *               ─▶ column 1 …
 * ```
 */
export class KeyCache {
  readonly slots = new KeySlots();
  readonly #columns: Column[] = [];
  #used = new Uint8Array(64);
  #hand = 0;
  /** The slots that were asked for last: they stay. */
  #last = -1;
  #lastButOne = -1;
  /** While it is true, no key leaves: somebody walks the slots. */
  held = false;
  /** Whether a key has ever left. */
  evicted = false;
  #keyBytes = KEY_BYTES;
  #untilMeasured = 0;

  constructor(private readonly budget: CacheBudget) {
    budget.add(this);
  }

  get size(): number {
    return this.slots.size;
  }

  /** About how many bytes a key takes. */
  get keyBytes(): number {
    if (--this.#untilMeasured < 0) {
      this.#untilMeasured = 256;
      this.#keyBytes = this.#columns.reduce((sum, { slotBytes }) => sum + slotBytes, KEY_BYTES);
    }
    return this.#keyBytes;
  }

  addColumn(column: Column): void {
    this.#columns.push(column);
    for (let slot = 0; slot < this.slots.slotCount; slot++) column.reset(slot);
  }

  /** The slot of the key, if it is in memory. */
  find(key: unknown): number {
    const slot = this.slots.find(key);
    if (slot !== NO_SLOT) this.#use(slot);
    return slot;
  }

  /** The slot of the key, which is in memory from now on. */
  slotOf(key: unknown): number {
    const slot = this.slots.find(key);
    if (slot === NO_SLOT) return this.add(key);
    this.#use(slot);
    return slot;
  }

  /** The slot of a key that is not in memory. */
  add(key: unknown): number {
    this.budget.makeRoom(this);
    const slot = this.slots.add(key);
    if (slot >= this.#used.length) {
      const larger = new Uint8Array(this.#used.length * 2);
      larger.set(this.#used);
      this.#used = larger;
    }
    this.#use(slot);
    for (const column of this.#columns) column.reset(slot);
    return slot;
  }

  /** Writes a key back and gives its slot up; answers about how many bytes that frees. */
  evict(): number {
    this.evicted = true;
    for (;;) {
      const slot = this.#hand;
      this.#hand = slot + 1 >= this.slots.slotCount ? 0 : slot + 1;
      if (!this.slots.taken(slot) || slot === this.#last || slot === this.#lastButOne) continue;
      if (this.#used[slot] === 1) {
        this.#used[slot] = 0;
        continue;
      }
      const key = this.slots.keyAt(slot);
      for (const column of this.#columns) column.writeBack(slot, key);
      this.remove(slot);
      return this.#keyBytes;
    }
  }

  #use(slot: number): void {
    this.#used[slot] = 1;
    if (slot === this.#last) return;
    this.#lastButOne = this.#last;
    this.#last = slot;
  }

  /** Gives a slot up. Nothing is written. */
  remove(slot: number): void {
    for (const column of this.#columns) column.reset(slot);
    this.slots.remove(slot);
  }

  /** Writes back what was changed, and keeps it. */
  writeBack(): void {
    for (let slot = 0; slot < this.slots.slotCount; slot++) {
      if (!this.slots.taken(slot)) continue;
      for (const column of this.#columns) column.writeBack(slot, this.slots.keyAt(slot));
    }
  }

  /** Writes what was changed before the snapshot, of the slots from `from` on; answers where to go on, or -1 at the end. */
  writePending(from: number, count: number): number {
    const end = Math.min(this.slots.slotCount, from + count);
    for (let slot = from; slot < end; slot++) {
      if (!this.slots.taken(slot)) continue;
      for (const column of this.#columns) column.writePending(slot, this.slots.keyAt(slot));
    }
    return end === this.slots.slotCount ? -1 : end;
  }

  close(): void {
    this.budget.remove(this);
  }
}
