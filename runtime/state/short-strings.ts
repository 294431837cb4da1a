import { spread } from './slot-index.js';

/** Units that an entry has room for. */
export const LONGEST_SHORT = 11;

/** Answered for a string that has not been added, … */
export const ABSENT = -1;
/** … and for one that never can be, since it has a unit above 255. */
const UNFIT = -2;

const FIRST_ENTRIES = 1024;
/** Full tables are cheaper than large ones: four entries are in one line of the cache, so a long probe costs less than a miss. */
const MOST_FULL = 0.8;

/**
 * Finds the slots of short strings by open addressing, without a look at any kept string: an entry holds the units themselves. With the
 * keys beside the table each look-up would miss the cache three times (table, array of keys, string) instead of once.
 *
 * ```
 *  entry      first four units │ last four units │ the next three, and the length │ slot + 1; 0 = free
 *  'streaming'   s t r e       │    m i n g      │    a m i             9         │
 *  'ox'          o x x         │                 │                      2         │      below four units: first, middle, last
 * ```
 * The parts overlap, so that their places depend on little; with the length they tell every string from every other.
 */
export class ShortStrings {
  #table = new Int32Array(4 * FIRST_ENTRIES);
  /** Of positions in the table, which are multiples of 4. */
  #mask = 4 * FIRST_ENTRIES - 1;
  #size = 0;
  /** What the last probe in vain was for, and the free place it came to. */
  #first = 0;
  #last = 0;
  #rest = 0;
  #freeAt = 0;
  /** Where the last probe with success ended. */
  #foundAt = 0;

  /** The slot of a string of at most {@link LONGEST_SHORT} units, {@link ABSENT}, or another negative number when it can never be added. */
  find(key: string): number {
    const length = key.length;
    let first = 0;
    let last = 0;
    let rest = length << 24;
    let units = 0;
    if (length > 3) {
      const a = key.charCodeAt(0);
      const b = key.charCodeAt(1);
      const c = key.charCodeAt(2);
      const d = key.charCodeAt(3);
      const w = key.charCodeAt(length - 4);
      const x = key.charCodeAt(length - 3);
      const y = key.charCodeAt(length - 2);
      const z = key.charCodeAt(length - 1);
      units = a | b | c | d | w | x | y | z;
      first = a | (b << 8) | (c << 16) | (d << 24);
      last = w | (x << 8) | (y << 16) | (z << 24);
      if (length > 8) {
        const e = key.charCodeAt(4);
        const f = key.charCodeAt(5);
        const g = key.charCodeAt(6);
        units |= e | f | g;
        rest |= e | (f << 8) | (g << 16);
      }
    } else if (length > 0) {
      const a = key.charCodeAt(0);
      const b = key.charCodeAt(length >> 1);
      const c = key.charCodeAt(length - 1);
      units = a | b | c;
      first = a | (b << 8) | (c << 16);
    }
    return units > 255 ? UNFIT : this.#probe(first, last, rest);
  }

  /** Adds a string that `find` has just answered {@link ABSENT} for. */
  add(slot: number): void {
    const table = this.#table;
    const at = this.#freeAt;
    table[at] = this.#first;
    table[at + 1] = this.#last;
    table[at + 2] = this.#rest;
    table[at + 3] = slot + 1;
    if (4 * ++this.#size > MOST_FULL * table.length) this.#grow();
  }

  /** Removes a string; answers whether it was there. Entries behind it move up, so that no probe ends before what it looks for. */
  remove(key: string): boolean {
    const slot = this.find(key);
    if (slot < 0) return false;
    const table = this.#table;
    const mask = this.#mask;
    let hole = this.#foundAt;
    for (let at = (hole + 4) & mask; table[at + 3] !== 0; at = (at + 4) & mask) {
      const home = (hashOf(table[at] as number, table[at + 1] as number, table[at + 2] as number) << 2) & mask;
      // It may move to the hole unless its probe begins behind it.
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table.copyWithin(hole, at, at + 4);
      hole = at;
    }
    table[hole + 3] = 0;
    this.#size--;
    return true;
  }

  #probe(first: number, last: number, rest: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let at = (hashOf(first, last, rest) << 2) & mask;
    let entry = table[at + 3] as number;
    while (entry !== 0) {
      if (table[at] === first && table[at + 1] === last && table[at + 2] === rest) {
        this.#foundAt = at;
        return entry - 1;
      }
      at = (at + 4) & mask;
      entry = table[at + 3] as number;
    }
    this.#first = first;
    this.#last = last;
    this.#rest = rest;
    this.#freeAt = at;
    return ABSENT;
  }

  #grow(): void {
    const before = this.#table;
    const table = new Int32Array(before.length * 2);
    const mask = table.length - 1;
    for (let from = 0; from < before.length; from += 4) {
      if (before[from + 3] === 0) continue;
      let at = (hashOf(before[from] as number, before[from + 1] as number, before[from + 2] as number) << 2) & mask;
      while (table[at + 3] !== 0) at = (at + 4) & mask;
      table.set(before.subarray(from, from + 4), at);
    }
    this.#table = table;
    this.#mask = mask;
  }
}

function hashOf(first: number, last: number, rest: number): number {
  return spread(Math.imul(first, 0x85ebca6b) + Math.imul(last, 0xc2b2ae35) + Math.imul(rest, 0x27d4eb2f));
}
