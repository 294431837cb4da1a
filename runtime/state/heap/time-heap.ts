/** Times, the earliest first: a binary heap. */
export class TimeHeap {
  #times = new Float64Array(64);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Infinity when there is none. */
  get first(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  push(time: number): void {
    if (this.#size === this.#times.length) {
      const larger = new Float64Array(this.#size * 2);
      larger.set(this.#times);
      this.#times = larger;
    }
    const times = this.#times;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= time) break;
      times[at] = times[parent]!;
      at = parent;
    }
    times[at] = time;
  }

  /** Removes the earliest. */
  pop(): void {
    const times = this.#times;
    const size = --this.#size;
    const time = times[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= time) break;
      times[at] = times[child]!;
      at = child;
    }
    times[at] = time;
  }
}
