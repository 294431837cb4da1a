import { type NumberShape, numberShapeOf } from '../state/heap/store/number-shape.js';
import type { Contents } from './contents.js';

const FIRST_PLACES = 1024;

/**
 * Accumulators by the place of their key. As long as all are made of the same few numbers they are rows of numbers, one behind the other,
 * so that to walk along several columns takes what memory gives in order; else they are the objects themselves. The stores of state do the
 * same, but with marks and forms for snapshots; a column is in none, and copied as a whole.
 */
export class AccumulatorColumn {
  #shape: NumberShape | undefined;
  #numbers = new Float64Array(0);
  /** By place, where there are numbers: whether one is there. */
  #present = new Uint8Array(0);
  #objects: unknown[] | undefined;

  constructor(private readonly contents: Contents) {}

  has(place: number): boolean {
    return this.#objects === undefined ? this.#present[place] === 1 : this.#objects[place] !== undefined;
  }

  /** The accumulator of the place, which has one; to be changed only when it is given back to `set`, and no copy of the column was made. */
  at(place: number): unknown {
    if (this.#objects !== undefined) return this.#objects[place];
    const { load, width } = this.#shape!;
    return load(this.#numbers, place * width);
  }

  /** The accumulator of the place, which has one, to be changed at will. */
  copyOf(place: number): unknown {
    return this.#objects === undefined ? this.at(place) : this.contents.copy(this.at(place));
  }

  /** @param accumulator is given up. */
  set(place: number, accumulator: unknown): void {
    if (this.#objects !== undefined) this.#setObject(this.#objects, place, accumulator);
    else if (!this.#setNumbers(place, accumulator)) this.#setObject((this.#objects = this.#asObjects()), place, accumulator);
  }

  /** A column with the same accumulators. */
  copy(): AccumulatorColumn {
    const copy = new AccumulatorColumn(this.contents);
    copy.#shape = this.#shape;
    copy.#numbers = this.#numbers.slice();
    copy.#present = this.#present.slice();
    copy.#objects = this.#objects?.slice();
    return copy;
  }

  #setNumbers(place: number, accumulator: unknown): boolean {
    const shape = (this.#shape ??= numberShapeOf(accumulator));
    if (shape === undefined) return false;
    if (place >= this.#present.length) this.#grow(place, shape.width);
    if (!shape.save(this.#numbers, place * shape.width, accumulator)) return false;
    this.#present[place] = 1;
    return true;
  }

  #grow(place: number, width: number): void {
    const places = Math.max(FIRST_PLACES, place + 1, this.#present.length * 2);
    const numbers = new Float64Array(places * width);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    const present = new Uint8Array(places);
    present.set(this.#present);
    this.#present = present;
  }

  #setObject(objects: unknown[], place: number, accumulator: unknown): void {
    // without holes, and never written far behind its end, an array stays an array
    while (objects.length <= place) objects.push(undefined);
    objects[place] = accumulator;
  }

  #asObjects(): unknown[] {
    const objects: unknown[] = [];
    const { load, width } = this.#shape ?? { load: () => undefined, width: 0 };
    for (let place = 0; place < this.#present.length; place++) {
      objects.push(this.#present[place] === 1 ? load(this.#numbers, place * width) : undefined);
    }
    this.#numbers = new Float64Array(0);
    this.#present = new Uint8Array(0);
    return objects;
  }
}
