import { compareBytes, copyBytes, type GroupLength, hashBytes } from './key-bytes.js';

/** Bytes before the key of a node. */
const HEADER_BYTES = 28;
/** The words of a node. */
const HASH = 0;
const NEXT_IN_BUCKET = 1;
const NEXT_IN_GROUP = 2;
const KEY_LENGTH = 3;
const VALUE_AT = 4;
const VALUE_LENGTH = 5;
const VALUE_ROOM = 6;

/** The value length of a deleted entry. */
const DELETED = -1;
/** No node: node 0 is never used. */
export const NO_NODE = 0;
const FIRST_FREE = 8;

const PARTITION_BITS = 6;
const BUCKETS = 0x10000;
/** Buckets whose first byte is the same. */
const PAGE = 256;

/**
 * What was written lately, found by key through a hash table; put in order only when it is written out or scanned.
 *
 * ```
 *  table: hash ─▶ node        arena: … [hash, next in bucket, next in group, lengths, place of value | key] [value] …
 *                                        │
 *  buckets: first two bytes of the key ──┘▶ node ─▶ node ─▶ …   (sorted bucket by bucket)
 *  groups: hash of the group ───────────────▶ node ─▶ node …    (entries that are scanned together)
 * ```
 * A value that fits its old place is overwritten there. The table is in parts that grow one by one, so that no put takes long. A node is
 * named by the word at which it begins.
 */
export class Memtable {
  /** The bytes of the arena, for readers of keys and values. */
  readonly bytes: Buffer;
  readonly #words: Int32Array;
  readonly #parts: HashPart[] = [];
  readonly #buckets: (Int32Array | undefined)[] = [];
  readonly #groups = new Map<number, number>();
  #end = FIRST_FREE;
  #count = 0;
  #payloadBytes = 0;

  constructor(
    readonly capacity: number,
    private readonly groupLength: GroupLength,
  ) {
    const rounded = (capacity + 7) & ~7;
    this.bytes = Buffer.allocUnsafeSlow(rounded);
    this.#words = new Int32Array(this.bytes.buffer, 0, rounded >> 2);
    for (let i = 0; i < 1 << PARTITION_BITS; i++) this.#parts.push(new HashPart());
  }

  /** How many bytes an empty memtable needs for an entry. */
  static bytesFor(keyLength: number, valueLength: number): number {
    return FIRST_FREE + HEADER_BYTES + aligned(keyLength) + aligned(valueLength);
  }

  /** Keys, deleted ones included. */
  get count(): number {
    return this.#count;
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  /** Bytes of keys and values: about what a file of it will take. */
  get payloadBytes(): number {
    return this.#payloadBytes;
  }

  get usedBytes(): number {
    return this.#end;
  }

  /** Forgets everything; the memory is used again. */
  clear(): void {
    this.#end = FIRST_FREE;
    this.#count = 0;
    this.#payloadBytes = 0;
    this.#buckets.length = 0;
    this.#groups.clear();
    for (const part of this.#parts) part.clear();
  }

  /** The node of the key, or {@link NO_NODE}. */
  find(hash: number, key: Uint8Array, from: number, to: number): number {
    const { table, mask } = this.#parts[hash >>> (32 - PARTITION_BITS)]!;
    const words = this.#words;
    const length = to - from;
    for (let at = hash & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      if (table[2 * at + 1] !== hash) continue;
      const node = table[2 * at]!;
      if (words[node + KEY_LENGTH] === length && this.#holds(node, key, from, length)) return node;
    }
    return NO_NODE;
  }

  #holds(node: number, key: Uint8Array, from: number, length: number): boolean {
    const bytes = this.bytes;
    const at = node * 4 + HEADER_BYTES;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== key[from + i]) return false;
    return true;
  }

  /** Keeps the value; false when there is no room for it. */
  put(hash: number, key: Uint8Array, from: number, to: number, value: Uint8Array, valueFrom: number, valueTo: number): boolean {
    const length = valueTo - valueFrom;
    const known = this.find(hash, key, from, to);
    const node = known === NO_NODE ? this.#add(hash, key, from, to, length) : this.#makeRoom(known, length);
    if (node === NO_NODE) return false;
    this.#words[node + VALUE_LENGTH] = length;
    copyBytes(value, valueFrom, valueTo, this.bytes, this.#words[node + VALUE_AT]!);
    return true;
  }

  /** Notes that the key is deleted; false when there is no room for it. */
  delete(hash: number, key: Uint8Array, from: number, to: number): boolean {
    const known = this.find(hash, key, from, to);
    const node = known === NO_NODE ? this.#add(hash, key, from, to, 0) : known;
    if (node === NO_NODE) return false;
    this.#words[node + VALUE_LENGTH] = DELETED;
    return true;
  }

  deleted(node: number): boolean {
    return this.#words[node + VALUE_LENGTH] === DELETED;
  }

  hashOf(node: number): number {
    return this.#words[node + HASH]!;
  }

  keyStart(node: number): number {
    return node * 4 + HEADER_BYTES;
  }

  keyEnd(node: number): number {
    return node * 4 + HEADER_BYTES + this.#words[node + KEY_LENGTH]!;
  }

  valueStart(node: number): number {
    return this.#words[node + VALUE_AT]!;
  }

  valueEnd(node: number): number {
    return this.#words[node + VALUE_AT]! + Math.max(0, this.#words[node + VALUE_LENGTH]!);
  }

  /** The first node of the keys that begin with these two bytes; go on with {@link nextInBucket}. */
  firstInBucket(bucket: number): number {
    return this.#buckets[bucket >>> 8]?.[bucket & 255] ?? NO_NODE;
  }

  nextInBucket(node: number): number {
    return this.#words[node + NEXT_IN_BUCKET]!;
  }

  /** The first bucket from `bucket` on that is not empty; 65536 when there is none. */
  nextBucket(bucket: number): number {
    let next = bucket;
    while (next < BUCKETS) {
      const page = this.#buckets[next >>> 8];
      if (page === undefined) next = (next | (PAGE - 1)) + 1;
      else if (page[next & (PAGE - 1)] === NO_NODE) next++;
      else return next;
    }
    return BUCKETS;
  }

  /** The first node of what may be in the group of that hash; others may be among them. Go on with {@link nextInGroup}. */
  firstInGroup(groupHash: number): number {
    return this.#groups.get(groupHash) ?? NO_NODE;
  }

  nextInGroup(node: number): number {
    return this.#words[node + NEXT_IN_GROUP]!;
  }

  /** Below 0, 0 or above 0, by the order of the keys. */
  compare(node: number, other: number): number {
    return compareBytes(this.bytes, this.keyStart(node), this.keyEnd(node), this.bytes, this.keyStart(other), this.keyEnd(other));
  }

  #add(hash: number, key: Uint8Array, from: number, to: number, valueRoom: number): number {
    const at = this.#end;
    const valueAt = at + HEADER_BYTES + aligned(to - from);
    const end = valueAt + aligned(valueRoom);
    if (end > this.bytes.length) return NO_NODE;
    const node = at >> 2;
    const words = this.#words;
    words[node + HASH] = hash;
    words[node + KEY_LENGTH] = to - from;
    words[node + VALUE_AT] = valueAt;
    words[node + VALUE_ROOM] = aligned(valueRoom);
    copyBytes(key, from, to, this.bytes, at + HEADER_BYTES);
    this.#link(node, key, from, to);
    this.#parts[hash >>> (32 - PARTITION_BITS)]!.add(hash, node);
    this.#end = end;
    this.#count++;
    this.#payloadBytes += to - from + valueRoom;
    return node;
  }

  #link(node: number, key: Uint8Array, from: number, to: number): void {
    const words = this.#words;
    const bucket = bucketOf(key, from, to);
    const page = (this.#buckets[bucket >>> 8] ??= new Int32Array(PAGE));
    words[node + NEXT_IN_BUCKET] = page[bucket & (PAGE - 1)]!;
    page[bucket & (PAGE - 1)] = node;
    const length = this.groupLength(key, from, to);
    if (length === to - from) return;
    const group = hashBytes(key, from, from + length);
    words[node + NEXT_IN_GROUP] = this.#groups.get(group) ?? NO_NODE;
    this.#groups.set(group, node);
  }

  /** Gives the value a new place when it is too long for the one it has. */
  #makeRoom(node: number, valueLength: number): number {
    const words = this.#words;
    if (valueLength <= words[node + VALUE_ROOM]!) return node;
    const end = this.#end + aligned(valueLength);
    if (end > this.bytes.length) return NO_NODE;
    this.#payloadBytes += valueLength - words[node + VALUE_ROOM]!;
    words[node + VALUE_AT] = this.#end;
    words[node + VALUE_ROOM] = aligned(valueLength);
    this.#end = end;
    return node;
  }
}

/** Open addressing, pairs of node and hash, at most 60 % full; node 0 is a free place. */
class HashPart {
  table = new Int32Array(64);
  mask = 31;
  #count = 0;

  add(hash: number, node: number): void {
    if (++this.#count > 0.6 * (this.mask + 1)) this.#grow();
    this.#enter(hash, node);
  }

  clear(): void {
    this.#count = 0;
    this.table.fill(0);
  }

  #enter(hash: number, node: number): void {
    let at = hash & this.mask;
    while (this.table[2 * at] !== 0) at = (at + 1) & this.mask;
    this.table[2 * at] = node;
    this.table[2 * at + 1] = hash;
  }

  #grow(): void {
    const before = this.table;
    this.table = new Int32Array(before.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let i = 0; i < before.length; i += 2) if (before[i] !== 0) this.#enter(before[i + 1]!, before[i]!);
  }
}

/** The first two bytes of a key; shorter keys come first. */
export function bucketOf(key: Uint8Array, from: number, to: number): number {
  return ((to > from ? key[from]! : 0) << 8) | (to > from + 1 ? key[from + 1]! : 0);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
