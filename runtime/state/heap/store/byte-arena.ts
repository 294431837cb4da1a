import { type ByteWriter, copyBytes, ValueReader } from '#core';
import { CELL_CLASSES, classOfUnits, UNIT_BYTES, unitsOfClass } from './cell-sizes.js';

const PAGE_BYTES = 1024 * 1024;
const PAGE_UNITS = PAGE_BYTES / UNIT_BYTES;
/** Cells with more units have a page of their own. */
const MOST_SHARED_UNITS = PAGE_UNITS / 8;
const LENGTH_BYTES = 4;

interface Page {
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  /** Stays with the page, so that to read from another page makes no view. */
  readonly reader: ValueReader;
}

/**
 * Runs of bytes on pages outside the heap of JavaScript: a million of them cost the garbage collector as much as a thousand. A run lies in
 * a cell: four bytes of length, then the bytes, in a whole number of units of 8 bytes. A cell that is given back is used for the next run
 * of its size; pages are given back when nothing is left.
 *
 * A place is the number of the cell's first unit, never 0; 32 GiB fit.
 */
export class ByteArena {
  #pages: (Page | undefined)[] = [];
  /** Page that cells are cut from, and its first unit that is free. */
  #current = -1;
  #next = PAGE_UNITS;
  /** By class: the first cell that was given back, which names the next in place of its length; 0: none. */
  readonly #free = new Uint32Array(CELL_CLASSES);
  /** Numbers of pages that were given back. */
  readonly #freePages: number[] = [];
  #cells = 0;

  /** Memory of all pages. */
  get sizeBytes(): number {
    return this.#pages.reduce((sum, page) => sum + (page?.bytes.length ?? 0), 0);
  }

  /** Keeps `from` to `end` of the bytes. Answers their place. */
  add(bytes: Uint8Array, from: number, end: number): number {
    const place = this.#take(classOf(end - from));
    this.#put(place, bytes, from, end);
    return place;
  }

  /** Keeps bytes in the stead of those at the place, from where they may move. Answers their place. */
  replace(place: number, bytes: Uint8Array, from: number, end: number): number {
    const before = classOf(this.#lengthAt(place));
    if (classOf(end - from) === before) {
      this.#put(place, bytes, from, end);
      return place;
    }
    this.#giveBack(place, before);
    return this.add(bytes, from, end);
  }

  remove(place: number): void {
    this.#giveBack(place, classOf(this.#lengthAt(place)));
  }

  /** A reader that stands at the run, and ends with it; valid until the arena is asked again. */
  read(place: number): ValueReader {
    const page = this.#pageOf(place);
    const from = (place % PAGE_UNITS) * UNIT_BYTES;
    const length = page.words[from >>> 2]!;
    return page.reader.attach(page.bytes, from + LENGTH_BYTES, from + LENGTH_BYTES + length);
  }

  /** Appends the run to what the writer has, after its length as a varint. */
  copyTo(writer: ByteWriter, place: number): void {
    const page = this.#pageOf(place);
    const from = (place % PAGE_UNITS) * UNIT_BYTES;
    const length = page.words[from >>> 2]!;
    writer.varint(length);
    writer.copyFrom(page.bytes, from + LENGTH_BYTES, from + LENGTH_BYTES + length);
  }

  #pageOf(place: number): Page {
    return this.#pages[Math.floor(place / PAGE_UNITS)]!;
  }

  #lengthAt(place: number): number {
    return this.#pageOf(place).words[(place % PAGE_UNITS) * 2]!;
  }

  #put(place: number, bytes: Uint8Array, from: number, end: number): void {
    const page = this.#pageOf(place);
    const at = (place % PAGE_UNITS) * UNIT_BYTES;
    page.words[at >>> 2] = end - from;
    copyBytes(bytes, from, end, page.bytes, at + LENGTH_BYTES);
  }

  #take(cellClass: number): number {
    this.#cells++;
    const free = this.#free[cellClass]!;
    if (free !== 0) {
      this.#free[cellClass] = this.#pageOf(free).words[(free % PAGE_UNITS) * 2]!;
      return free;
    }
    const units = unitsOfClass(cellClass);
    if (units > MOST_SHARED_UNITS) return this.#newPage(units * UNIT_BYTES) * PAGE_UNITS + 1;
    if (this.#next + units > PAGE_UNITS) {
      this.#current = this.#newPage(PAGE_BYTES);
      // place 0 is none
      this.#next = 1;
    }
    const place = this.#current * PAGE_UNITS + this.#next;
    this.#next += units;
    return place;
  }

  #giveBack(place: number, cellClass: number): void {
    if (--this.#cells === 0) {
      this.#clear();
      return;
    }
    if (unitsOfClass(cellClass) > MOST_SHARED_UNITS) {
      const page = Math.floor(place / PAGE_UNITS);
      this.#pages[page] = undefined;
      this.#freePages.push(page);
      return;
    }
    this.#pageOf(place).words[(place % PAGE_UNITS) * 2] = this.#free[cellClass]!;
    this.#free[cellClass] = place;
  }

  #clear(): void {
    this.#pages = [];
    this.#freePages.length = 0;
    this.#free.fill(0);
    this.#current = -1;
    this.#next = PAGE_UNITS;
  }

  /** Answers its number. */
  #newPage(bytes: number): number {
    // of its own, not of Node's pool; a unit more, since the first of a page is not used
    const buffer = Buffer.from(new ArrayBuffer(Math.max(PAGE_BYTES, bytes + UNIT_BYTES)));
    const page = { bytes: buffer, words: new Uint32Array(buffer.buffer), reader: new ValueReader() };
    const number = this.#freePages.pop() ?? this.#pages.length;
    this.#pages[number] = page;
    return number;
  }
}

function classOf(lengthBytes: number): number {
  return classOfUnits(Math.ceil((LENGTH_BYTES + lengthBytes) / UNIT_BYTES));
}
