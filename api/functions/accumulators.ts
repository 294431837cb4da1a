import type { AccumulatorData } from './accumulator-data.js';

/** Counts something over all subtasks of a job; the merged result comes with the job's result. */
export interface Accumulator<V, R> {
  add(value: V): void;
  readonly localValue: R;
  merge(other: R): void;
  /** Starts anew. */
  reset(): void;
  /** What subtasks send to be merged. Without it, the job's result is the list of the subtasks' local values. */
  toData?(): AccumulatorData;
}

abstract class NumberAccumulator implements Accumulator<number, number> {
  #value: number;
  readonly #initial: number;

  constructor(initial: number) {
    this.#initial = initial;
    this.#value = initial;
  }

  get localValue(): number {
    return this.#value;
  }

  add(value: number): void {
    this.#value = this.join(this.#value, value);
  }

  merge(other: number): void {
    this.#value = this.join(this.#value, other);
  }

  reset(): void {
    this.#value = this.#initial;
  }

  abstract toData(): AccumulatorData;
  protected abstract join(left: number, right: number): number;
}

class Counter extends NumberAccumulator {
  constructor() {
    super(0);
  }

  toData(): AccumulatorData {
    return { kind: 'sum', value: this.localValue };
  }

  protected join(left: number, right: number): number {
    return left + right;
  }
}

class Minimum extends NumberAccumulator {
  constructor() {
    super(Infinity);
  }

  toData(): AccumulatorData {
    return { kind: 'minimum', value: this.localValue };
  }

  protected join(left: number, right: number): number {
    return Math.min(left, right);
  }
}

class Maximum extends NumberAccumulator {
  constructor() {
    super(-Infinity);
  }

  toData(): AccumulatorData {
    return { kind: 'maximum', value: this.localValue };
  }

  protected join(left: number, right: number): number {
    return Math.max(left, right);
  }
}

/** Adds up integers. Flink's three number types are one here; the names are kept. */
export class IntCounter extends Counter {}
export class LongCounter extends Counter {}
export class DoubleCounter extends Counter {}
/** The smallest number added; infinity when there is none. */
export class IntMinimum extends Minimum {}
export class LongMinimum extends Minimum {}
export class DoubleMinimum extends Minimum {}
/** The largest number added; minus infinity when there is none. */
export class IntMaximum extends Maximum {}
export class LongMaximum extends Maximum {}
export class DoubleMaximum extends Maximum {}

/** What an average is made of; without any number the average is 0. */
export interface Average {
  readonly sum: number;
  readonly count: number;
}

/** The average of the numbers added. */
export class AverageAccumulator implements Accumulator<number, Average> {
  #sum = 0;
  #count = 0;

  get localValue(): Average {
    return { sum: this.#sum, count: this.#count };
  }

  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }

  merge(other: Average): void {
    this.#sum += other.sum;
    this.#count += other.count;
  }

  reset(): void {
    this.#sum = this.#count = 0;
  }

  toData(): AccumulatorData {
    return { kind: 'average', sum: this.#sum, count: this.#count };
  }
}

/** How often each number was added. */
export class Histogram implements Accumulator<number, ReadonlyMap<number, number>> {
  readonly #counts = new Map<number, number>();

  get localValue(): ReadonlyMap<number, number> {
    return this.#counts;
  }

  add(value: number): void {
    this.#count(value, 1);
  }

  merge(other: ReadonlyMap<number, number>): void {
    for (const [value, count] of other) this.#count(value, count);
  }

  reset(): void {
    this.#counts.clear();
  }

  toData(): AccumulatorData {
    return { kind: 'histogram', counts: [...this.#counts] };
  }

  #count(value: number, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }
}

/** All values added, in no particular order between subtasks. Bounded only by memory. */
export class ListAccumulator<T> implements Accumulator<T, readonly T[]> {
  #values: T[] = [];

  get localValue(): readonly T[] {
    return this.#values;
  }

  add(value: T): void {
    this.#values.push(value);
  }

  merge(other: readonly T[]): void {
    for (const value of other) this.#values.push(value);
  }

  reset(): void {
    this.#values = [];
  }

  toData(): AccumulatorData {
    return { kind: 'list', values: [...this.#values] };
  }
}
