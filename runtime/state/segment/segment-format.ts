import type { StateMeta } from '../../checkpoint/handles.js';

/*
 * A segment: entries of keyed state, in blocks that each hold entries of one key group. Numbers little-endian.
 *
 *   8 bytes   "FLINKSEG"
 *   4 bytes   version of the format
 *   blocks    entries, one after the other:
 *               varint  state: index into `states` of the footer
 *               varint  serial of the namespace, 0: none
 *               1 byte  flags
 *               varint, bytes  key, canonical, by the value codec
 *               varint, bytes  key within the map of the key (flag SUB_KEY), likewise
 *               varint, bytes  value, in the form of the state; not of a deletion
 *   footer    JSON: see Footer
 *   trailer   8 bytes (float64) offset of the footer, 4 bytes its length, 4 bytes its crc32, 8 bytes "FLINKSEG"
 *
 * Of entries of the same key, also across segments, the later one counts.
 */
export const SEGMENT_MAGIC = Buffer.from('FLINKSEG', 'latin1');
export const SEGMENT_VERSION = 1;
export const HEADER_BYTES = 12;
export const TRAILER_BYTES = 24;

export const EntryFlag = { deleted: 1, subKey: 2 } as const;

export interface BlockEntry {
  readonly keyGroup: number;
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly crc32: number;
}

export interface Footer {
  readonly states: readonly StateMeta[];
  readonly blocks: readonly BlockEntry[];
}
