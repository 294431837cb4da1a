import { EntrySource } from './entry-source.js';
import { compareBytes, hashBytes, startsWith } from './key-bytes.js';
import { bucketOf, type Memtable, NO_NODE } from './memtable.js';
import { NodeOrder } from './node-order.js';

const BUCKETS = 0x10000;

/** The entries of a memtable, sorted bucket by bucket as they are taken. A bucket is read as it was when the source came to it. */
export class MemtableSource extends EntrySource {
  #order: NodeOrder | undefined;
  #bucket: number;
  readonly #lastBucket: number;

  private constructor(
    private readonly table: Memtable,
    private readonly prefix: Uint8Array,
    firstBucket: number,
    lastBucket: number,
  ) {
    super();
    this.#bucket = firstBucket;
    this.#lastBucket = lastBucket;
    this.bytes = table.bytes;
  }

  /** The entries whose keys begin with the prefix, from the first that is not before `start` on. */
  static withPrefix(table: Memtable, prefix: Uint8Array, start: Uint8Array): MemtableSource {
    const first = bucketOf(start, 0, start.length);
    return new MemtableSource(table, prefix, first, lastBucketOf(prefix)).#skipTo(start);
  }

  /** As {@link withPrefix}, for a prefix that is a whole group. */
  static ofGroup(table: Memtable, prefix: Uint8Array, start: Uint8Array): MemtableSource {
    const source = new MemtableSource(table, prefix, BUCKETS, 0);
    const first = nextLike(table, table.firstInGroup(hashBytes(prefix, 0, prefix.length)), prefix);
    source.#order = drained(NodeOrder.of(table, first, (node) => nextLike(table, table.nextInGroup(node), prefix)));
    return source.#skipTo(start);
  }

  override next(): void {
    for (;;) {
      const node = this.#order?.take() ?? NO_NODE;
      if (node === NO_NODE) {
        if (!this.#nextBucket()) return;
        continue;
      }
      this.#stand(node);
      if (startsWith(this.bytes, this.keyStart, this.keyEnd, this.prefix, 0, this.prefix.length)) return;
    }
  }

  #skipTo(start: Uint8Array): this {
    do this.next();
    while (!this.ended && compareBytes(this.bytes, this.keyStart, this.keyEnd, start, 0, start.length) < 0);
    return this;
  }

  #stand(node: number): void {
    const { table } = this;
    this.keyStart = table.keyStart(node);
    this.keyEnd = table.keyEnd(node);
    this.valueStart = table.valueStart(node);
    this.valueEnd = table.valueEnd(node);
    this.deleted = table.deleted(node);
  }

  #nextBucket(): boolean {
    const { table } = this;
    const bucket = table.nextBucket(this.#bucket);
    this.ended = bucket > this.#lastBucket || bucket >= BUCKETS;
    if (this.ended) return false;
    this.#bucket = bucket + 1;
    this.#order = drained(NodeOrder.of(table, table.firstInBucket(bucket), (node) => table.nextInBucket(node)));
    return true;
  }
}

function lastBucketOf(prefix: Uint8Array): number {
  if (prefix.length === 0) return BUCKETS - 1;
  return prefix.length === 1 ? (prefix[0]! << 8) | 255 : bucketOf(prefix, 0, prefix.length);
}

function nextLike(table: Memtable, from: number, prefix: Uint8Array): number {
  let node = from;
  while (node !== NO_NODE && !startsWith(table.bytes, table.keyStart(node), table.keyEnd(node), prefix, 0, prefix.length)) {
    node = table.nextInGroup(node);
  }
  return node;
}

function drained<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
