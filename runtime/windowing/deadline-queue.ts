/** Buckets that are kept when they are empty. */
const MOST_SPARE = 256;

/** Entries of one stretch of time. */
interface Bucket {
  slots: Int32Array;
  times: Float64Array;
  size: number;
}

/**
 * Which slots want to be looked at when: entries in buckets of a given width of time, and a heap of the buckets' numbers. It takes entries
 * in any order and gives out those that are due, bucket by bucket. An entry cannot be taken back: who no longer wants one ignores it.
 */
export class DeadlineQueue {
  readonly #buckets = new Map<number, Bucket>();
  /** A binary heap. */
  readonly #numbers: number[] = [];
  /** To be used again, with the room that they have. */
  readonly #spare: Bucket[] = [];

  constructor(private readonly widthMs: number) {}

  /** Of entries of one time, and those close to it, in ascending order. */
  bucketOf(time: number): number {
    return Math.floor(time / this.widthMs);
  }

  add(slot: number, time: number): void {
    const number = this.bucketOf(time);
    const bucket = this.#buckets.get(number) ?? this.#open(number);
    if (bucket.size === bucket.slots.length) grow(bucket);
    bucket.slots[bucket.size] = slot;
    bucket.times[bucket.size++] = time;
  }

  /** No entry is earlier; Infinity when there is none. */
  get earliest(): number {
    const number = this.#numbers[0];
    return number === undefined ? Infinity : number * this.widthMs;
  }

  /** Takes out entries whose time is at most `until`, as many as there is room for in the arrays; answers how many. */
  take(until: number, slots: Int32Array, times: Float64Array): number {
    for (let number = this.#numbers[0]; number !== undefined && number * this.widthMs <= until; number = this.#numbers[0]) {
      const bucket = this.#buckets.get(number) as Bucket;
      const count = takeDue(bucket, until, slots, times);
      if (bucket.size === 0) this.#close(number, bucket);
      if (count > 0) return count;
      if (bucket.size > 0) return 0;
    }
    return 0;
  }

  #open(number: number): Bucket {
    const bucket = this.#spare.pop() ?? { slots: new Int32Array(16), times: new Float64Array(16), size: 0 };
    this.#buckets.set(number, bucket);
    const heap = this.#numbers;
    let at = heap.push(number) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as number) <= number) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = number;
    return bucket;
  }

  /** Removes the first bucket. */
  #close(number: number, bucket: Bucket): void {
    this.#buckets.delete(number);
    if (this.#spare.length < MOST_SPARE) this.#spare.push(bucket);
    const heap = this.#numbers;
    const last = heap.pop() as number;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= last) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
  }
}

/** From the end, so that nothing moves where all is due. */
function takeDue(bucket: Bucket, until: number, slots: Int32Array, times: Float64Array): number {
  let count = 0;
  for (let at = bucket.size - 1; at >= 0 && count < slots.length; at--) {
    const time = bucket.times[at] as number;
    if (time > until) continue;
    slots[count] = bucket.slots[at] as number;
    times[count++] = time;
    bucket.size--;
    bucket.slots[at] = bucket.slots[bucket.size] as number;
    bucket.times[at] = bucket.times[bucket.size] as number;
  }
  return count;
}

function grow(bucket: Bucket): void {
  const { slots, times } = bucket;
  bucket.slots = new Int32Array(slots.length * 2);
  bucket.slots.set(slots);
  bucket.times = new Float64Array(times.length * 2);
  bucket.times.set(times);
}
