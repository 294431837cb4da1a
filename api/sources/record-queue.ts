import type { SourceOutput } from '../connector/source.js';

/** Records with their timestamps, first in first out, on two arrays that are used again. */
export class RecordQueue<T> {
  #values: T[] = [];
  #timestamps: (number | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#values.length - this.#first;
  }

  push(value: T, timestamp?: number): void {
    this.#values.push(value);
    this.#timestamps.push(timestamp);
  }

  /** Emits at most `maxRecords`, fewer when the output is blocked. */
  emit(output: SourceOutput<T>, maxRecords: number): void {
    const end = Math.min(this.#values.length, this.#first + maxRecords);
    let next = this.#first;
    while (next < end && !output.blocked) {
      output.emit(this.#values[next]!, this.#timestamps[next]);
      next++;
    }
    this.#first = next;
    if (next === this.#values.length) this.clear();
  }

  /** Emits all that is queued, whether the output is blocked or not. */
  emitAll(output: SourceOutput<T>): void {
    for (let next = this.#first; next < this.#values.length; next++) output.emit(this.#values[next]!, this.#timestamps[next]);
    this.clear();
  }

  clear(): void {
    this.#values = [];
    this.#timestamps = [];
    this.#first = 0;
  }
}
