/** Slots of a chunk. */
const CHUNK_SLOTS = 1 << 12;
const SLOTS_SHIFT = 12;

/** Int32 of a place, and Float64. */
export const PLACE_INTS = 8;
const PLACE_DOUBLES = 4;
/** Int32 of a place, to each of which the number of the list is added: its last block; its last block's rows, room and kind. */
export const BLOCK = 0;
export const FILLED = 2;
/** Float64 of a place, likewise: the latest time of the list. */
export const LATEST = 2;

export interface PlaceChunk {
  readonly ints: Int32Array;
  readonly doubles: Float64Array;
}

/**
 * What each slot has: 32 bytes in one line of the cache, for both lists of a key.
 *
 * ```
 *  Int32 block of list 0, of list 1 │ filled of list 0, of list 1 │ Float64 latest of list 0 │ of list 1
 * ```
 */
export class KeyPlaces {
  readonly chunks: PlaceChunk[] = [];

  /** Slots below have a place. */
  get end(): number {
    return this.chunks.length * CHUNK_SLOTS;
  }

  reserve(slot: number): void {
    while (slot >= this.end) {
      const doubles = new Float64Array(CHUNK_SLOTS * PLACE_DOUBLES);
      this.chunks.push({ doubles, ints: new Int32Array(doubles.buffer) });
    }
  }

  /** The chunk of a slot that has a place. */
  of(slot: number): PlaceChunk {
    return this.chunks[slot >>> SLOTS_SHIFT]!;
  }
}

/** Where the place of the slot begins in its chunk, in Int32. */
export function placeAt(slot: number): number {
  return (slot & (CHUNK_SLOTS - 1)) * PLACE_INTS;
}
