import type { PollStatus, SourceOutput, SourceReader, Split } from '../connector/source.js';
import type { IndexRange, IndexRangeSplit } from './index-ranges.js';
import type { RateLimit } from './rate-limit.js';

/** Emits what stands at each index of a range, one range after the other. */
export class IndexRangeReader<T> implements SourceReader<T> {
  readonly #recordAt: (index: number) => T;
  readonly #limit: RateLimit | undefined;
  readonly #ranges: IndexRange[];
  #restored = false;
  #next = 0;
  #end = 0;

  constructor(range: IndexRange, recordAt: (index: number) => T, limit?: RateLimit) {
    this.#ranges = [range];
    this.#recordAt = recordAt;
    this.#limit = limit;
    this.#startRange();
  }

  poll(output: SourceOutput<T>, maxRecords: number): PollStatus {
    if (this.#next >= this.#end && !this.#startRange()) return 'end';
    const granted = this.#limit === undefined ? maxRecords : this.#limit.take(maxRecords);
    if (granted === 0) return 'idle';
    const before = this.#next;
    this.#emit(output, Math.min(this.#end, before + granted));
    this.#limit?.giveBack(granted - (this.#next - before));
    return this.#next < this.#end || this.#ranges.length > 0 ? 'more' : 'end';
  }

  /** Ranges of an earlier run take the place of this subtask's own. */
  addSplits(splits: readonly Split[]): void {
    if (!this.#restored) {
      this.#ranges.length = 0;
      this.#next = this.#end = 0;
      this.#restored = true;
    }
    this.#ranges.push(...(splits as readonly IndexRangeSplit[]));
  }

  snapshot(): readonly IndexRangeSplit[] {
    const left = [{ from: this.#next, to: this.#end }, ...this.#ranges].filter(({ from, to }) => from < to);
    return left.map(({ from, to }) => ({ id: `${from}-${to}`, from, to }));
  }

  close(): void {
    this.#limit?.close();
  }

  #emit(output: SourceOutput<T>, end: number): void {
    const recordAt = this.#recordAt;
    let next = this.#next;
    while (next < end && !output.blocked) output.emit(recordAt(next++));
    this.#next = next;
  }

  #startRange(): boolean {
    for (let range = this.#ranges.shift(); range; range = this.#ranges.shift()) {
      this.#next = range.from;
      this.#end = range.to;
      if (this.#next < this.#end) return true;
    }
    return false;
  }
}
