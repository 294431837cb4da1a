const NO_BLOCK = -1;
const MIN_BLOCKS = 4;
/** Slots of a block: the bits of an integer. */
const BLOCK_BITS = 5;
/** Blocks that stay neighbours: so many low bits of their number. */
const GROUP_BITS = 4;

/**
 * A set of slots: a table of blocks of 32 slots, found by hash, each with a bit for every slot that is in the set.
 *
 * ```
 *   table   block number │ bits │ block number │ bits │ …
 * ```
 * Neighbouring slots are neighbours in it, too: who takes them out one by one goes through the columns of the states from one end to the
 * other, and not back and forth, which with many keys is most of the cost.
 */
export class SlotSet {
  #table = newTable(MIN_BLOCKS);
  #size = 0;
  /** Blocks in the table, those without a slot included. */
  #blocks = 0;
  /** No slot lies in a block before this place. */
  #first = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * All slots. What comes or goes while they are walked may be told or not; every other slot is told once.
   */
  *slots(): Generator<number> {
    // A table that has become too small is left as it was.
    const table = this.#table;
    for (let place = 0; place < table.length; place += 2) {
      for (let bits = table[place + 1]!; bits !== 0; bits &= bits - 1) yield slotOf(table[place]!, bits);
    }
  }

  has(slot: number): boolean {
    const place = this.#find(slot >>> BLOCK_BITS);
    return place >= 0 && (this.#table[place + 1]! & (1 << slot)) !== 0;
  }

  /** Answers whether it is new. */
  add(slot: number): boolean {
    const block = slot >>> BLOCK_BITS;
    let place = this.#find(block);
    if (place < 0) {
      if ((this.#blocks + 1) * 4 > this.#table.length) this.#grow();
      place = this.#open(block);
    }
    const bits = this.#table[place + 1]!;
    const bit = 1 << slot;
    if ((bits & bit) !== 0) return false;
    this.#table[place + 1] = bits | bit;
    this.#size++;
    if (place < this.#first) this.#first = place;
    return true;
  }

  /** Answers whether it was there. */
  delete(slot: number): boolean {
    const place = this.#find(slot >>> BLOCK_BITS);
    const bit = 1 << slot;
    if (place < 0 || (this.#table[place + 1]! & bit) === 0) return false;
    this.#table[place + 1]! &= ~bit;
    this.#size--;
    return true;
  }

  /** Takes any slot out; there must be one. */
  take(): number {
    const table = this.#table;
    let place = this.#first;
    while (table[place + 1] === 0) place += 2;
    this.#first = place;
    const bits = table[place + 1]!;
    table[place + 1] = bits & (bits - 1);
    this.#size--;
    return slotOf(table[place]!, bits);
  }

  #find(block: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let place = startOf(block, mask); ; place = (place + 2) & mask) {
      if (table[place] === block) return place;
      if (table[place] === NO_BLOCK) return -1;
    }
  }

  #open(block: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let place = startOf(block, mask);
    while (table[place] !== NO_BLOCK) place = (place + 2) & mask;
    table[place] = block;
    this.#blocks++;
    return place;
  }

  /** Room for twice the blocks that have slots; the others are forgotten. */
  #grow(): void {
    const before = this.#table;
    let used = 0;
    for (let place = 1; place < before.length; place += 2) if (before[place] !== 0) used++;
    let capacity = MIN_BLOCKS;
    while (capacity < used * 4) capacity *= 2;
    this.#table = newTable(capacity);
    this.#blocks = 0;
    this.#first = 0;
    for (let place = 0; place < before.length; place += 2) {
      if (before[place + 1] !== 0) this.#table[this.#open(before[place]!) + 1] = before[place + 1]!;
    }
  }
}

function newTable(blocks: number): Int32Array {
  const table = new Int32Array(blocks * 2);
  for (let place = 0; place < table.length; place += 2) table[place] = NO_BLOCK;
  return table;
}

/** The slot of the lowest bit. */
function slotOf(block: number, bits: number): number {
  return (block << BLOCK_BITS) | (31 - Math.clz32(bits & -bits));
}

/** Groups of blocks are spread, the blocks of one stay together. */
function startOf(block: number, mask: number): number {
  const group = Math.imul(block >>> GROUP_BITS, 0x9e3779b1) >>> 8;
  return (((group << GROUP_BITS) | (block & ((1 << GROUP_BITS) - 1))) << 1) & mask;
}
