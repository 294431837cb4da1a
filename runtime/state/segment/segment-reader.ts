import { crc32 } from 'node:zlib';
import { type KeyGroupRange, ValueReader } from '#core';
import type { BytesHandle, StateMeta } from '../../checkpoint/handles.js';
import type { SnapshotReader } from '../snapshot-storage.js';
import { DamagedStateError } from './errors.js';
import { type BlockEntry, EntryFlag, type Footer, HEADER_BYTES, SEGMENT_MAGIC, SEGMENT_VERSION, TRAILER_BYTES } from './segment-format.js';

/** Blocks that lie together are read together, up to this many bytes. */
const READ_BYTES = 1024 * 1024;

/** An entry as the reader stands on it: what it says is valid until the reader goes on. */
export class SegmentEntry {
  state = 0;
  serial = 0;
  deleted = false;
  keyGroup = 0;
  key: unknown;
  /** Undefined when the entry has none. */
  subKey: unknown;
  /** Stands at the value. */
  readonly value = new ValueReader();
}

/** Reads the entries of a segment that belong to some key groups. Throws {@link DamagedStateError}. */
export class SegmentReader {
  private constructor(
    private readonly reader: SnapshotReader,
    private readonly bytes: BytesHandle,
    private readonly footer: Footer,
  ) {}

  static async open(reader: SnapshotReader, bytes: BytesHandle): Promise<SegmentReader> {
    const path = pathOf(bytes);
    const size = bytes.kind === 'inline' ? bytes.bytes.length : bytes.sizeBytes;
    if (size < HEADER_BYTES + TRAILER_BYTES) throw new DamagedStateError(path, `it has only ${size} bytes`);
    const header = asBuffer(await reader.read(bytes, 0, HEADER_BYTES));
    if (!header.subarray(0, 8).equals(SEGMENT_MAGIC)) throw new DamagedStateError(path, 'it does not begin as such a file does');
    const version = header.readUInt32LE(8);
    if (version !== SEGMENT_VERSION) throw new DamagedStateError(path, `its format is version ${version}, not ${SEGMENT_VERSION}`);
    const trailer = asBuffer(await reader.read(bytes, size - TRAILER_BYTES, size));
    const offset = trailer.readDoubleLE(0);
    const length = trailer.readUInt32LE(8);
    if (!trailer.subarray(16).equals(SEGMENT_MAGIC) || offset + length !== size - TRAILER_BYTES) {
      throw new DamagedStateError(path, 'it does not end as such a file does');
    }
    const footer = asBuffer(await reader.read(bytes, offset, offset + length));
    if (crc32(footer) !== trailer.readUInt32LE(12)) throw new DamagedStateError(path, 'the checksum of its footer does not fit');
    return new SegmentReader(reader, bytes, JSON.parse(footer.toString()) as Footer);
  }

  get states(): readonly StateMeta[] {
    return this.footer.states;
  }

  /** Calls `each` for every entry of the key groups, in the order they were written. The event loop runs between reads. */
  async read(keyGroups: KeyGroupRange, each: (entry: SegmentEntry) => void): Promise<void> {
    const wanted = this.footer.blocks.filter(({ keyGroup }) => keyGroup >= keyGroups.first && keyGroup <= keyGroups.last);
    const entry = new SegmentEntry();
    for (const run of runsOf(wanted)) {
      const from = run[0]!.offset;
      const last = run.at(-1)!;
      const bytes = asBuffer(await this.reader.read(this.bytes, from, last.offset + last.length));
      for (const block of run) this.#block(block, bytes.subarray(block.offset - from, block.offset - from + block.length), entry, each);
    }
  }

  #block(
    { keyGroup, count, crc32: expected, offset }: BlockEntry,
    bytes: Buffer,
    entry: SegmentEntry,
    each: (entry: SegmentEntry) => void,
  ): void {
    if (crc32(bytes) !== expected) throw new DamagedStateError(pathOf(this.bytes), `the checksum of the block at ${offset} does not fit`);
    const reader = new ValueReader().attach(bytes);
    entry.keyGroup = keyGroup;
    for (let left = count; left > 0; left--) {
      entry.state = reader.varint();
      entry.serial = reader.varint();
      const flags = reader.byte();
      entry.deleted = (flags & EntryFlag.deleted) !== 0;
      reader.varint();
      entry.key = reader.value();
      entry.subKey = undefined;
      if ((flags & EntryFlag.subKey) !== 0) {
        reader.varint();
        entry.subKey = reader.value();
      }
      if (!entry.deleted) {
        const length = reader.varint();
        entry.value.attach(bytes, reader.position, reader.position + length);
        reader.position += length;
      }
      each(entry);
    }
  }
}

function runsOf(blocks: readonly BlockEntry[]): BlockEntry[][] {
  const runs: BlockEntry[][] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const adjoins = last !== undefined && last.offset + last.length === block.offset;
    if (adjoins && block.offset + block.length - run![0]!.offset <= READ_BYTES) run!.push(block);
    else runs.push([block]);
  }
  return runs;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function pathOf(bytes: BytesHandle): string {
  return bytes.kind === 'file' ? bytes.path : 'the metadata of a checkpoint';
}
