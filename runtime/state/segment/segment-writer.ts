import { crc32 } from 'node:zlib';
import { ValueWriter } from '#core';
import type { StateMeta } from '../../checkpoint/handles.js';
import type { SnapshotStream } from '../snapshot-storage.js';
import { canonicalKey } from './canonical.js';
import { type BlockEntry, EntryFlag, HEADER_BYTES, SEGMENT_MAGIC, SEGMENT_VERSION, TRAILER_BYTES } from './segment-format.js';

/** A block ends when it has this many bytes. */
const BLOCK_BYTES = 32 * 1024;
/** With many key groups blocks end earlier, so that all that are open take no more together. */
const OPEN_BYTES = 4 * 1024 * 1024;

/** Where the entries of one table belong. */
export interface TablePlace {
  /** Index of the state. */
  readonly state: number;
  /** Of the namespace; 0: none. */
  readonly serial: number;
}

/** How a value is written. */
export interface WritesValue {
  write(writer: ValueWriter, value: unknown): void;
}

/** Whose entry is written. */
export interface EntryKey {
  readonly place: TablePlace;
  readonly keyGroup: number;
  readonly key: unknown;
}

/** Where values are as bytes. */
export interface HoldsRuns {
  /** Appends the run to what the writer has, after its length as a varint. */
  copyTo(writer: ValueWriter, run: number): void;
}

/** Given for entries that have no key within the key. */
export const NO_SUB_KEY: unique symbol = Symbol('no sub-key');

interface OpenBlock {
  readonly keyGroup: number;
  readonly writer: ValueWriter;
  count: number;
}

interface DoneBlock {
  readonly keyGroup: number;
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Collects entries of all key groups in any order, and gives full blocks to the stream when it is asked to. */
export class SegmentWriter {
  entries = 0;
  readonly #open = new Map<number, OpenBlock>();
  #done: DoneBlock[] = [];
  readonly #blocks: BlockEntry[] = [];
  readonly #key = new ValueWriter();
  readonly #value = new ValueWriter();

  put(place: TablePlace, keyGroup: number, key: unknown, subKey: unknown, form: WritesValue, value: unknown): void {
    this.#value.reset();
    form.write(this.#value, value);
    const block = this.#entry(place, keyGroup, key, subKey, 0);
    this.#bytes(block.writer, this.#value);
    this.#endEntry(block);
  }

  /** The same with a value that is there in its form already, in an arena. */
  putRun({ place, keyGroup, key }: EntryKey, arena: HoldsRuns, run: number): void {
    const block = this.#entry(place, keyGroup, key, NO_SUB_KEY, 0);
    arena.copyTo(block.writer, run);
    this.#endEntry(block);
  }

  delete(place: TablePlace, keyGroup: number, key: unknown, subKey: unknown): void {
    this.#endEntry(this.#entry(place, keyGroup, key, subKey, EntryFlag.deleted));
  }

  /** Gives the full blocks to the stream; answers a promise when the stream wants to wait. */
  drain(stream: SnapshotStream): Promise<void> | undefined {
    let wait: Promise<void> | undefined;
    if (stream.position === 0) wait = stream.write(header());
    for (const { keyGroup, bytes, count } of this.#done) {
      this.#blocks.push({ keyGroup, offset: stream.position, length: bytes.length, count, crc32: crc32(bytes) });
      wait = stream.write(bytes) ?? wait;
    }
    this.#done = [];
    return wait;
  }

  /** Gives everything that is left to the stream, with the footer. Nothing may be put any more. */
  async finish(stream: SnapshotStream, states: readonly StateMeta[]): Promise<void> {
    for (const block of this.#open.values()) this.#endBlock(block);
    await this.drain(stream);
    const footer = Buffer.from(JSON.stringify({ states, blocks: this.#blocks }));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeDoubleLE(stream.position, 0);
    trailer.writeUInt32LE(footer.length, 8);
    trailer.writeUInt32LE(crc32(footer), 12);
    SEGMENT_MAGIC.copy(trailer, 16);
    await stream.write(footer);
    await stream.write(trailer);
  }

  #entry(place: TablePlace, keyGroup: number, key: unknown, subKey: unknown, flags: number): OpenBlock {
    const block = this.#open.get(keyGroup) ?? this.#newBlock(keyGroup);
    const { writer } = block;
    writer.varint(place.state);
    writer.varint(place.serial);
    writer.byte(subKey === NO_SUB_KEY ? flags : flags | EntryFlag.subKey);
    this.#keyBytes(writer, key);
    if (subKey !== NO_SUB_KEY) this.#keyBytes(writer, subKey);
    return block;
  }

  #keyBytes(writer: ValueWriter, key: unknown): void {
    this.#key.reset();
    this.#key.value(canonicalKey(key));
    this.#bytes(writer, this.#key);
  }

  #bytes(writer: ValueWriter, from: ValueWriter): void {
    writer.varint(from.position);
    writer.copyFrom(from.buffer, 0, from.position);
  }

  #newBlock(keyGroup: number): OpenBlock {
    const block = { keyGroup, writer: new ValueWriter(), count: 0 };
    this.#open.set(keyGroup, block);
    return block;
  }

  #endEntry(block: OpenBlock): void {
    block.count++;
    this.entries++;
    if (block.writer.position >= Math.min(BLOCK_BYTES, OPEN_BYTES / this.#open.size)) this.#endBlock(block);
  }

  #endBlock(block: OpenBlock): void {
    if (block.count === 0) return;
    this.#done.push({ keyGroup: block.keyGroup, bytes: Uint8Array.from(block.writer.written()), count: block.count });
    block.writer.reset();
    block.count = 0;
  }
}

function header(): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  SEGMENT_MAGIC.copy(bytes);
  bytes.writeUInt32LE(SEGMENT_VERSION, 8);
  return bytes;
}
