/** Numbers in a block, and blocks in a group. */
const BLOCK = 64;
const BLOCK_BITS = 6;

/** The least length of the array that `take` fills. */
export const LEAST_TAKEN = BLOCK;

/**
 * A time for each of many numbers, and those whose time has come. Minima over blocks of 64 numbers, and over groups of 64 blocks, say where
 * to look: to note a time takes a few comparisons, and what is taken comes in the order of numbers, that is of memory.
 *
 * ```
 *  groups  [  3  |            ∞            |  …
 *  blocks  [  7  |  3  |  ∞  |  …
 *  times   [ 9 ∞ 7 … | 3 8 … | ∞ ∞ …       minima may be lower than what is there
 * ```
 */
export class EarliestTimes {
  /** By number; Infinity where there is none. */
  #times = none(BLOCK);
  #blocks = none(1);
  #groups = none(1);
  #earliest = Infinity;
  /** Where to look next: nothing is due in the groups before. */
  #group = 0;
  /** Nobody reads it: but loads whose result were of no use would be left out. */
  touched = 0;

  /** No time is earlier; Infinity when there is none. */
  get earliest(): number {
    return this.#earliest;
  }

  /** The number's time is this one, if it is earlier than what it was. */
  lower(number: number, time: number): void {
    if (number >= this.#times.length) this.#grow(number);
    if (time >= (this.#times[number] as number)) return;
    this.#times[number] = time;
    const block = number >>> BLOCK_BITS;
    if (time >= (this.#blocks[block] as number)) return;
    this.#blocks[block] = time;
    const group = block >>> BLOCK_BITS;
    if (time < (this.#groups[group] as number)) this.#groups[group] = time;
    if (time < this.#earliest) this.#earliest = time;
  }

  /** Touches the times of numbers, of which some may be -1. */
  prefetch(numbers: Int32Array, count: number): void {
    const times = this.#times;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += times[numbers[i] as number] ?? 0;
    this.touched = sum;
  }

  /** Takes out numbers whose time is at most `until`, as many as there is surely room for; answers how many: none when none is left. */
  take(until: number, numbers: Int32Array): number {
    const last = Math.min(until, Number.MAX_VALUE);
    let count = 0;
    while (this.#earliest <= last) {
      for (; this.#group < this.#groups.length; this.#group++) {
        if ((this.#groups[this.#group] as number) <= last) count = this.#takeOfGroup(last, numbers, count);
        if (count + BLOCK > numbers.length) return count;
      }
      this.#group = 0;
      this.#earliest = least(this.#groups, 0, this.#groups.length);
    }
    return count;
  }

  #takeOfGroup(until: number, numbers: Int32Array, before: number): number {
    const blocks = this.#blocks;
    const first = this.#group * BLOCK;
    const end = Math.min(first + BLOCK, blocks.length);
    let count = before;
    for (let block = first; block < end; block++) {
      if ((blocks[block] as number) > until) continue;
      if (count + BLOCK > numbers.length) return count;
      count = this.#takeOfBlock(block, until, numbers, count);
    }
    this.#groups[this.#group] = least(blocks, first, end);
    return count;
  }

  #takeOfBlock(block: number, until: number, numbers: Int32Array, before: number): number {
    const times = this.#times;
    let count = before;
    let earliest = Infinity;
    for (let number = block * BLOCK; number < (block + 1) * BLOCK; number++) {
      const time = times[number] as number;
      if (time <= until) {
        times[number] = Infinity;
        numbers[count++] = number;
      } else if (time < earliest) earliest = time;
    }
    this.#blocks[block] = earliest;
    return count;
  }

  #grow(number: number): void {
    const blocks = Math.max(2 * this.#blocks.length, (number >>> BLOCK_BITS) + 1);
    this.#times = grown(this.#times, blocks * BLOCK);
    this.#blocks = grown(this.#blocks, blocks);
    this.#groups = grown(this.#groups, Math.ceil(blocks / BLOCK));
  }
}

function none(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(length).fill(Infinity);
}

function grown(times: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = none(length);
  larger.set(times);
  return larger;
}

function least(times: Float64Array, from: number, end: number): number {
  let earliest = Infinity;
  for (let i = from; i < end; i++) if ((times[i] as number) < earliest) earliest = times[i] as number;
  return earliest;
}
