/*
 * A sorted file: immutable, keys in ascending order of their bytes, each key once.
 *
 *   block*      entries, found by the index
 *   filter      words (int32) of a bloom filter or, in files of large entries, of a table of blocks
 *   index       for each block: position (uint32), length of its first key (varint), first key
 *               then the last key of the file: length (varint), key
 *   footer      positions and counts, CRC-32 of filter and index: see `Footer`
 *
 * A block: (varint key length, varint value length + 1 or 0 for "deleted", key, value)*, then the place of each entry (uint16), their
 * number (uint16), CRC-32 of all before (uint32). Blocks are at most BLOCK_BYTES long unless they hold a single entry. All numbers are
 * little-endian.
 */

export const BLOCK_BYTES = 4096;
/** Blocks of few, large entries end here: that saves reading and checking neighbours that nobody asked for. */
export const LARGE_ENTRIES_BLOCK_BYTES = 768;
export const FEW_ENTRIES = 4;
/** Behind the entries of a block, besides two bytes an entry. */
export const BLOCK_TRAILER_BYTES = 6;
export const FOOTER_BYTES = 40;
const MAGIC = 0x314d534c;

export interface Footer {
  readonly filterAt: number;
  readonly indexAt: number;
  readonly blocks: number;
  readonly entries: number;
  readonly deletions: number;
  /** Whether the filter is a table of blocks. */
  readonly hashed: boolean;
  /** Of filter and index. */
  readonly crc: number;
}

export function writeFooter(footer: Footer, target: Buffer, at: number): void {
  target.fill(0, at, at + FOOTER_BYTES);
  target.writeUInt32LE(footer.filterAt, at);
  target.writeUInt32LE(footer.indexAt, at + 4);
  target.writeUInt32LE(footer.blocks, at + 8);
  target.writeUInt32LE(footer.entries, at + 12);
  target.writeUInt32LE(footer.deletions, at + 16);
  target.writeUInt32LE(footer.crc, at + 20);
  target.writeUInt32LE(footer.hashed ? 1 : 0, at + 24);
  target.writeUInt32LE(MAGIC, at + FOOTER_BYTES - 4);
}

/** Undefined when it is none. */
export function readFooter(bytes: Buffer, at: number): Footer | undefined {
  if (bytes.readUInt32LE(at + FOOTER_BYTES - 4) !== MAGIC) return undefined;
  return {
    filterAt: bytes.readUInt32LE(at),
    indexAt: bytes.readUInt32LE(at + 4),
    blocks: bytes.readUInt32LE(at + 8),
    entries: bytes.readUInt32LE(at + 12),
    deletions: bytes.readUInt32LE(at + 16),
    crc: bytes.readUInt32LE(at + 20),
    hashed: bytes.readUInt32LE(at + 24) === 1,
  };
}

/** The most bytes of a varint. */
export const VARINT_BYTES = 5;

/** Writes an integer from 0 to 2^32 - 1; answers where the next byte goes. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest > 127) {
    target[to++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  target[to++] = rest;
  return to;
}
