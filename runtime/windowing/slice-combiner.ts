import type { TimeWindow } from '#api';
import { KeyTable } from '../state/key-table.js';
import type { NamespaceTable } from '../state/keyed-state-backend.js';
import { AccumulatorColumn } from './accumulator-column.js';
import type { AlignedGeometry } from './aligned-geometry.js';
import type { Contents } from './contents.js';

/**
 * Combines the slices of windows that follow each other, each slice twice whatever number of windows has it: a queue made of two stacks.
 *
 * ```
 *  slices      1 2 3 4 5 | 6 7
 *              └───────┘   └─┘
 *  front(1)    1+2+3+4+5   back = 6+7         the window of slices 3 to 7 is front(3) + back
 *  front(2)      2+3+4+5
 *  front(3)        3+4+5   …
 * ```
 * When a window begins after the front, all its slices become the front, and the back is empty. All of this follows from the slices and is
 * in no snapshot. Keys have the same place in all columns, so that it takes one probe to bring a slice in, and none to combine columns.
 */
export class SliceCombiner {
  #places = new KeyTable();
  #keys: unknown[] = [];
  #front = new Map<number, AccumulatorColumn>();
  #frontEnd = Number.NEGATIVE_INFINITY;
  #back: AccumulatorColumn;
  #backEnd = Number.NEGATIVE_INFINITY;
  #column: AccumulatorColumn;

  constructor(
    private readonly geometry: AlignedGeometry,
    private readonly contents: Contents,
    private readonly tableOf: (slice: number) => NamespaceTable<unknown> | undefined,
  ) {
    this.#back = new AccumulatorColumn(contents);
    this.#column = this.#back;
  }

  /** Goes on to a window that begins, and ends, after those before it. */
  enter(window: TimeWindow): void {
    if (window.start >= this.#frontEnd || !this.#front.has(window.start)) this.#turn(window);
    for (; this.#backEnd < window.end; this.#backEnd += this.geometry.sliceMs) this.#bringIn(this.#backEnd, this.#back);
    this.#column = this.#front.get(window.start) ?? new AccumulatorColumn(this.contents);
  }

  /** Places of keys that may be in the window. */
  get size(): number {
    return this.#keys.length;
  }

  keyAt(place: number): unknown {
    return this.#keys[place];
  }

  /** What the key has in the window, to be changed at will; undefined when it has nothing. */
  accumulatorAt(place: number): unknown {
    const front = this.#column;
    const back = this.#back;
    if (!front.has(place)) return back.has(place) ? back.copyOf(place) : undefined;
    return back.has(place) ? this.#merged(front.copyOf(place), back.copyOf(place)) : front.copyOf(place);
  }

  /** A record has come into a slice that may have been combined already. */
  addLate(slice: number, key: unknown, value: unknown): void {
    if (slice >= this.#backEnd) return;
    const place = this.#placeOf(key);
    if (slice >= this.#frontEnd) this.#plus(this.#back, place, value);
    else for (const [start, column] of this.#front) if (start <= slice) this.#plus(column, place, value);
  }

  /** What the key has in any window, from the slices themselves. */
  combined(window: TimeWindow, key: unknown): unknown {
    const { contents, geometry } = this;
    let sum: unknown;
    for (let slice = window.start; slice < window.end; slice += geometry.sliceMs) {
      const table = this.tableOf(slice);
      const slot = table?.find(key) ?? -1;
      const accumulator = slot < 0 ? undefined : table?.get(slot);
      if (accumulator === undefined) continue;
      sum = sum === undefined ? contents.copy(accumulator) : this.#merged(sum, contents.copy(accumulator));
    }
    return sum;
  }

  #turn(window: TimeWindow): void {
    const { geometry } = this;
    this.#places = new KeyTable();
    this.#keys = [];
    this.#back = new AccumulatorColumn(this.contents);
    this.#front = new Map();
    this.#frontEnd = window.end;
    this.#backEnd = window.end;
    let column = new AccumulatorColumn(this.contents);
    for (let slice = window.end - geometry.sliceMs; slice >= window.start; slice -= geometry.sliceMs) {
      this.#bringIn(slice, column, true);
      if ((slice - window.start) % geometry.slideMs !== 0) continue;
      this.#front.set(slice, column);
      column = column.copy();
    }
  }

  /** Adds a slice to a column: behind what is there, or before it. */
  #bringIn(slice: number, column: AccumulatorColumn, before = false): void {
    const cursor = this.tableOf(slice)?.cursor();
    if (cursor === undefined) return;
    const { contents } = this;
    while (cursor.next()) {
      const place = this.#placeOf(cursor.key);
      const own = contents.copy(cursor.value);
      if (!column.has(place)) column.set(place, own);
      else column.set(place, before ? this.#merged(own, column.copyOf(place)) : this.#merged(column.at(place), own));
    }
  }

  #placeOf(key: unknown): number {
    const place = this.#places.slotOf(key);
    if (place === this.#keys.length) this.#keys.push(key);
    return place;
  }

  #plus(column: AccumulatorColumn, place: number, value: unknown): void {
    const { contents } = this;
    column.set(place, column.has(place) ? contents.add(column.copyOf(place), value) : contents.first(value));
  }

  #merged(left: unknown, right: unknown): unknown {
    return this.contents.merge?.(left, right);
  }
}
