import type { Memtable } from './memtable.js';

/** Nodes sorted at once: about half a ms. */
const CHUNK = 8192;
/** Bits of the sorted words that say which node of the chunk it is. */
const INDEX_BITS = 13;

const sortable = new BigUint64Array(CHUNK);
const halves = new Uint32Array(sortable.buffer);

/**
 * The nodes of one bucket or group of a memtable in the order of their keys. They are sorted chunk by chunk, and the chunks merged as
 * they are taken, so that no single step is long.
 */
export class NodeOrder {
  readonly #chunks: Int32Array[] = [];
  readonly #at: number[] = [];
  /** Chunks that are not empty, as a heap by their first node. */
  readonly #heap: number[] = [];

  private constructor(private readonly table: Memtable) {}

  /** Does a step each time it is asked, until it has come to its end with the order. */
  static *of(table: Memtable, first: number, next: (node: number) => number): Generator<undefined, NodeOrder> {
    const order = new NodeOrder(table);
    let node = first;
    while (node !== 0) {
      const nodes: number[] = [];
      for (; node !== 0 && nodes.length < CHUNK; node = next(node)) nodes.push(node);
      order.#addChunk(nodes);
      yield undefined;
    }
    return order;
  }

  /** The next node, or 0 at the end. */
  take(): number {
    if (this.#heap.length === 0) return 0;
    const chunk = this.#heap[0]!;
    const node = this.#head(chunk);
    this.#at[chunk]!++;
    if (this.#at[chunk] === this.#chunks[chunk]!.length) {
      const last = this.#heap.pop()!;
      if (this.#heap.length === 0) return node;
      if (last !== chunk) this.#heap[0] = last;
    }
    this.#sink(0);
    return node;
  }

  #head(chunk: number): number {
    return this.#chunks[chunk]![this.#at[chunk]!]!;
  }

  #addChunk(nodes: readonly number[]): void {
    this.#chunks.push(sortedNodes(this.table, nodes));
    this.#at.push(0);
    this.#heap.push(this.#chunks.length - 1);
    this.#rise(this.#heap.length - 1);
  }

  #before(i: number, j: number): boolean {
    return this.table.compare(this.#head(this.#heap[i]!), this.#head(this.#heap[j]!)) < 0;
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ;) {
      let child = 2 * at + 1;
      if (child >= this.#heap.length) return;
      if (child + 1 < this.#heap.length && this.#before(child + 1, child)) child++;
      if (!this.#before(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(i: number, j: number): void {
    const moved = this.#heap[i]!;
    this.#heap[i] = this.#heap[j]!;
    this.#heap[j] = moved;
  }
}

/**
 * Sorts by words of 64 bits, which the platform does without calling back: the 51 bits of the key behind what all keys have in common,
 * then the number of the node. Keys that these bits do not tell apart are compared afterwards.
 */
function sortedNodes(table: Memtable, nodes: readonly number[]): Int32Array {
  const common = commonPrefix(table, nodes);
  for (let i = 0; i < nodes.length; i++) setWords(table, nodes[i]!, common, i);
  sortable.subarray(0, nodes.length).sort();
  const order = new Int32Array(nodes.length);
  for (let i = 0; i < order.length; i++) order[i] = nodes[halves[2 * i]! & (CHUNK - 1)]!;
  sortTies(table, order);
  return order;
}

function setWords(table: Memtable, node: number, common: number, index: number): void {
  const bytes = table.bytes;
  const end = table.keyEnd(node);
  let high = 0;
  let low = 0;
  let at = table.keyStart(node) + common;
  for (let shift = 24; shift >= 0; shift -= 8) high |= at < end ? bytes[at++]! << shift : 0;
  for (let shift = 24; shift >= 8; shift -= 8) low |= at < end ? bytes[at++]! << shift : 0;
  halves[2 * index + 1] = high;
  halves[2 * index] = (low & (-1 << INDEX_BITS)) | index;
}

function commonPrefix(table: Memtable, nodes: readonly number[]): number {
  const bytes = table.bytes;
  const first = table.keyStart(nodes[0]!);
  let common = table.keyEnd(nodes[0]!) - first;
  for (let i = 1; i < nodes.length && common > 0; i++) {
    const start = table.keyStart(nodes[i]!);
    common = Math.min(common, table.keyEnd(nodes[i]!) - start);
    let same = 0;
    while (same < common && bytes[first + same] === bytes[start + same]) same++;
    common = same;
  }
  return common;
}

/** `sortable` still holds the words of `order`: equal ones, but for their index, are together. */
function sortTies(table: Memtable, order: Int32Array): void {
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && sameBits(from, to)) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => table.compare(a, b));
    from = to;
  }
}

function sameBits(i: number, j: number): boolean {
  return halves[2 * i + 1] === halves[2 * j + 1] && (halves[2 * i]! ^ halves[2 * j]!) >>> 0 < CHUNK;
}
