import { invariant } from '../errors.js';
import type { TypeInfo } from '../types/type-info.js';
import { MAX_ENCODED_BYTES } from './byte-writer.js';
import { CorruptDataError, RecordTooLargeError } from './errors.js';
import type { RecordConsumer } from './row-codec.js';
import { HEADER_BYTES, HeaderWord, type Segment, SegmentFlag } from './segment.js';
import { decodeEvent, encodeEvent, type StreamEvent } from './stream-event.js';
import { type ValueCodec, valueCodec } from './value-codec.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

/** Memory kept for the next large record. */
const KEPT_BYTES = 1 << 16;

/**
 * Cuts one record or event that is too large for a segment over several. The pieces carry `spanning`, the last one
 * `spanningEnd`, and all of them the size of the whole; a record's pieces hold its timestamp (8 bytes) and its value.
 *
 * Use: `start`, then `fill` one empty segment after the other until it answers true; nothing else may be sent in between.
 */
export class SpanningWriter {
  readonly #writer = new ValueWriter();
  readonly #codec: ValueCodec;
  #flags = 0;
  #sent = 0;
  #active = false;

  constructor(
    type: TypeInfo,
    readonly schemaVersion: number,
  ) {
    this.#codec = valueCodec(type);
  }

  /** Whether pieces are still to be sent. */
  get active(): boolean {
    return this.#active;
  }

  /** Encodes the record. Throws `RecordTooLargeError` above 1 GiB, and what `ValueCodec.write` throws. */
  start(value: unknown, timestamp: number): void {
    invariant(!this.#active, 'a spanning record is sent whole before the next one starts');
    this.#writer.reset(KEPT_BYTES);
    this.#writer.double(timestamp);
    this.#codec.write(this.#writer, value, '');
    this.#begin(0);
  }

  startEvent(event: StreamEvent): void {
    invariant(!this.#active, 'a spanning event is sent whole before the next one starts');
    encodeEvent(event, this.#writer);
    this.#begin(SegmentFlag.event);
  }

  #begin(flags: number): void {
    this.#flags = flags;
    this.#sent = 0;
    this.#active = true;
  }

  /** Fills an empty segment with the next piece; answers whether it was the last. */
  fill(segment: Segment): boolean {
    const total = this.#writer.position;
    const count = Math.min(total - this.#sent, segment.sizeBytes - HEADER_BYTES);
    this.#writer.copyTo(segment.bytes, HEADER_BYTES, this.#sent, this.#sent + count);
    this.#sent += count;
    const last = this.#sent === total;
    const { words } = segment;
    words[HeaderWord.byteLength] = HEADER_BYTES + count;
    words[HeaderWord.rowCount] = 0;
    words[HeaderWord.flags] = this.#flags | (last ? SegmentFlag.spanningEnd : SegmentFlag.spanning);
    words[HeaderWord.heapUnits] = total;
    words[HeaderWord.textBytes] = 0;
    words[HeaderWord.schemaVersion] = this.schemaVersion;
    if (last) {
      this.#active = false;
      this.#writer.reset(KEPT_BYTES);
    }
    return last;
  }
}

/** Puts the pieces of one channel together again. */
export class SpanningReader {
  readonly #codec: ValueCodec;
  #bytes: Buffer | undefined;
  #received = 0;

  constructor(type: TypeInfo) {
    this.#codec = valueCodec(type);
  }

  /** Takes a piece (a copy of it); answers whether it was the last, so that `deliver` or `event` can be called. */
  add(segment: Segment): boolean {
    const total = segment.words[HeaderWord.heapUnits] ?? 0;
    const count = segment.byteLength - HEADER_BYTES;
    const bytes = (this.#bytes ??= allocate(total));
    if (count < 0 || bytes.length !== total || this.#received + count > total) {
      throw new CorruptDataError('pieces of a record do not match');
    }
    segment.bytes.copy(bytes, this.#received, HEADER_BYTES, HEADER_BYTES + count);
    this.#received += count;
    const last = (segment.flags & SegmentFlag.spanningEnd) !== 0;
    if (last !== (this.#received === total)) throw new CorruptDataError('pieces of a record are missing');
    return last;
  }

  /** Hands the record to `consume` and forgets it. */
  deliver(consume: RecordConsumer): void {
    const reader = this.#take();
    const timestamp = reader.double();
    consume(this.#codec.read(reader), timestamp);
  }

  event(): StreamEvent {
    return decodeEvent(this.#take());
  }

  #take(): ValueReader {
    const bytes = this.#bytes;
    invariant(bytes !== undefined && this.#received === bytes.length, 'a spanning record is read when all its pieces are there');
    this.#bytes = undefined;
    this.#received = 0;
    // A reader of its own: one that is kept would keep the bytes.
    return new ValueReader().attach(bytes);
  }
}

function allocate(total: number): Buffer {
  if (total > MAX_ENCODED_BYTES) throw new RecordTooLargeError(total, MAX_ENCODED_BYTES);
  if (total <= 0) throw new CorruptDataError(`a record of ${total} bytes was announced`);
  return Buffer.allocUnsafeSlow(total);
}
