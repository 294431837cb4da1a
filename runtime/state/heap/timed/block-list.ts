import { detached } from '../../detach.js';
import type { ListIndex } from '../../keyed-state-backend.js';
import { type NumberShape, numberShapeOf } from '../store/number-shape.js';
import { type BlockChunk, CELLS_SHIFT, CHUNK_CELLS } from './block-chunk.js';
import { BlockMemory } from './block-memory.js';
import { BLOCK, FILLED, LATEST, type PlaceChunk } from './key-places.js';

type Call = (value: unknown, time: number) => void;

/** No block. */
const NONE = 0;
const HEADER_CELLS = 2;
const FEWEST_ROWS = 4;
const MOST_ROWS = 256;

/* What is filled of a block: rows that are there, rows there is room for, and whether their values are objects. */
const ROOM_SHIFT = 12;
const ROWS_MASK = (1 << ROOM_SHIFT) - 1;
const OBJECTS = 1 << 24;

/**
 * One of the lists of all keys: for each a chain of blocks of rows, in the order in which they came; blocks are larger where more come.
 *
 * ```
 *  place ─▶ last block: Int32 block before it, filled │ Float64 latest time up to that │ times │ values, or where their objects are
 * ```
 * Values that are made of the same few numbers as the first are nothing but these: a key that has few rows is looked through with one or
 * two misses of the cache, and the garbage collector sees none of them. Nothing is removed but what is older than some time, all of it.
 */
export class BlockList {
  /** What is earlier was dropped. */
  dropped = Number.NEGATIVE_INFINITY;
  readonly #memory = new BlockMemory();
  #shape: NumberShape | undefined;
  #width = 0;
  #decided = false;
  /** Whether all values so far had the shape. */
  #takesNumbers = false;
  /** Blocks of a chain, each with what is filled of it, the last first. */
  readonly #chain: number[] = [];

  constructor(private readonly list: ListIndex) {}

  /** Chunks of memory in use. */
  get chunks(): number {
    return this.#memory.size;
  }

  /** Appends to the list that has this place. */
  append({ ints, doubles }: PlaceChunk, place: number, time: number, value: unknown): void {
    if (!this.#decided) this.#decide(value);
    const at = place + this.list;
    const latestAt = (place >>> 1) + LATEST + this.list;
    const before = ints[at + BLOCK] === NONE ? Number.NEGATIVE_INFINITY : doubles[latestAt]!;
    if (this.#isFull(ints[at + BLOCK]!, ints[at + FILLED]!, before)) this.#begin(ints, at, before, time);
    if (!this.#put(ints[at + BLOCK]!, ints[at + FILLED]!, time, value)) {
      this.#takesNumbers = false;
      this.#begin(ints, at, before, time);
      this.#put(ints[at + BLOCK]!, ints[at + FILLED]!, time, value);
    }
    ints[at + FILLED]!++;
    const latest = time > before ? time : before;
    doubles[latestAt] = latest;
    const chunk = this.#chunkOf(ints[at + BLOCK]!);
    if (latest > chunk.latest) chunk.latest = latest;
  }

  /** Calls back for the rows from one time to another, both included, in the order of `append`. */
  forEach(places: PlaceChunk, place: number, from: number, to: number, call: Call): void {
    this.walk(places, place, from > this.dropped ? from : this.dropped, to, call);
  }

  /** The same for times that are dropped already, but not reclaimed. */
  walk({ ints, doubles }: PlaceChunk, place: number, from: number, to: number, call: Call): void {
    const block = ints[place + BLOCK + this.list]!;
    if (block === NONE || doubles[(place >>> 1) + LATEST + this.list]! < from) return;
    const filled = ints[place + FILLED + this.list]!;
    if (this.#chunkOf(block).cells[cellOf(block) + 1]! >= from) this.#walkChain(block, filled, from, to, call);
    else this.#walkBlock(block, filled, from, to, call);
  }

  /** Takes back the memory of what was dropped. */
  reclaim(): void {
    this.#memory.reclaim(this.dropped);
  }

  #walkChain(last: number, lastFilled: number, from: number, to: number, call: Call): void {
    const chain = this.#chain;
    let block = last;
    let filled = lastFilled;
    while (block !== NONE) {
      chain.push(block, filled);
      const { ints, cells } = this.#chunkOf(block);
      const at = cellOf(block);
      if (cells[at + 1]! < from) break;
      block = ints[2 * at]!;
      filled = ints[2 * at + 1]!;
    }
    for (let index = chain.length - 2; index >= 0; index -= 2) this.#walkBlock(chain[index]!, chain[index + 1]!, from, to, call);
    chain.length = 0;
  }

  #walkBlock(block: number, filled: number, from: number, to: number, call: Call): void {
    const chunk = this.#chunkOf(block);
    const { cells } = chunk;
    const times = cellOf(block) + HEADER_CELLS;
    const rows = filled & ROWS_MASK;
    const values = times + ((filled >>> ROOM_SHIFT) & ROWS_MASK);
    for (let row = 0; row < rows; row++) {
      const time = cells[times + row]!;
      if (time < from || time > to) continue;
      if (filled < OBJECTS) call(this.#shape!.load(cells, values + row * this.#width), time);
      else call(chunk.objects[cells[values]! + row], time);
    }
  }

  #isFull(block: number, filled: number, latest: number): boolean {
    return (
      (filled & ROWS_MASK) === ((filled >>> ROOM_SHIFT) & ROWS_MASK) ||
      latest < this.dropped ||
      filled < OBJECTS !== this.#takesNumbers ||
      this.#chunkOf(block).born < this.dropped
    );
  }

  /** Begins another block behind what the place has, if that is not too old. */
  #begin(ints: Int32Array, at: number, latest: number, time: number): void {
    const before = latest < this.dropped ? NONE : ints[at + BLOCK]!;
    const filledBefore = ints[at + FILLED]!;
    const room = this.#roomBehind(before, filledBefore);
    const block = this.#memory.take(HEADER_CELLS + room + (this.#takesNumbers ? room * this.#width : 1), time);
    const chunk = this.#chunkOf(block);
    const cell = cellOf(block);
    chunk.ints[2 * cell] = before;
    chunk.ints[2 * cell + 1] = filledBefore;
    chunk.cells[cell + 1] = before === NONE ? Number.NEGATIVE_INFINITY : latest;
    if (!this.#takesNumbers) {
      chunk.cells[cell + HEADER_CELLS + room] = chunk.objects.length;
      for (let row = 0; row < room; row++) chunk.objects.push(undefined);
    }
    ints[at + BLOCK] = block;
    ints[at + FILLED] = (room << ROOM_SHIFT) | (this.#takesNumbers ? 0 : OBJECTS);
  }

  /** As many rows as will be alive together, roughly. */
  #roomBehind(before: number, filled: number): number {
    const room = Math.max(FEWEST_ROWS, (filled >>> ROOM_SHIFT) & ROWS_MASK);
    if (before === NONE) return Math.max(FEWEST_ROWS, room >>> 1);
    const isOneOfSeveral = this.#chunkOf(before).cells[cellOf(before) + 1]! >= this.dropped;
    return isOneOfSeveral ? Math.min(MOST_ROWS, room * 2) : room;
  }

  /** Answers false when the value is not of the shape that the block takes. */
  #put(block: number, filled: number, time: number, value: unknown): boolean {
    const chunk = this.#chunkOf(block);
    const { cells } = chunk;
    const times = cellOf(block) + HEADER_CELLS;
    const row = filled & ROWS_MASK;
    const values = times + ((filled >>> ROOM_SHIFT) & ROWS_MASK);
    if (filled >= OBJECTS) chunk.objects[cells[values]! + row] = detached(value);
    else if (!this.#shape!.save(cells, values + row * this.#width, value)) return false;
    cells[times + row] = time;
    return true;
  }

  #decide(first: unknown): void {
    this.#decided = true;
    this.#shape = numberShapeOf(first);
    this.#width = this.#shape?.width ?? 0;
    this.#takesNumbers = this.#shape !== undefined;
  }

  #chunkOf(block: number): BlockChunk {
    return this.#memory.chunks[(block - 1) >>> CELLS_SHIFT]!;
  }
}

function cellOf(block: number): number {
  return (block - 1) & (CHUNK_CELLS - 1);
}
