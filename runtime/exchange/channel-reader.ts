import {
  HEADER_BYTES,
  HeaderWord,
  NO_TIMESTAMP,
  type ReadGate,
  readEvent,
  type RecordConsumer,
  type RowReader,
  type Segment,
  SegmentFlag,
  SpanningReader,
  type StreamEvent,
  type TypeInfo,
} from '#core';
import { type ChannelPosition, ChannelRecording } from './channel-recording.js';
import type { RowReaders } from './row-readers.js';
import type { SegmentSource } from './segment-source.js';
import type { OrderedChannel } from './time-order.js';

const PIECE = SegmentFlag.spanning | SegmentFlag.spanningEnd;
const NOT_ROWS = PIECE | SegmentFlag.event;
const TIMED_OR_NOT_ROWS = NOT_ROWS | SegmentFlag.timestamps;
const NO_LAYOUT = -1;
/** Of the timestamp of a segment's first row. */
const FIRST_DOUBLE = HEADER_BYTES >> 3;

/** Decodes one channel: rows, large records, schemas, and events for the gate. */
export class ChannelReader implements OrderedChannel {
  blocked = false;
  #finished = false;
  /** The type announced last; undefined: the declared one. */
  #type: TypeInfo | undefined;
  #reader: RowReader | undefined;
  /** What `#reader` is for: schema version and whether rows carry timestamps. */
  #layout = NO_LAYOUT;
  #spanning: SpanningReader | undefined;
  #spanningEvent: SpanningReader | undefined;
  /** The row of the current segment to go on with. */
  #row = 0;
  #recordsIn = 0;
  #bytesIn = 0;
  #reached = NO_TIMESTAMP;
  /** Of a large record or event that has not come as a whole, where recordings may need them. */
  #pieces: Uint8Array[] | undefined;
  #recording: ChannelRecording | undefined;

  constructor(
    private readonly source: SegmentSource,
    private readonly readers: RowReaders,
    private readonly onEvent: (event: StreamEvent) => void,
    /** Where a former reader of the segments stood. */
    from?: Pick<ChannelPosition, 'rowsTaken' | 'type'>,
  ) {
    this.#row = from?.rowsTaken ?? 0;
    this.#type = from?.type;
  }

  /** From now on the channel can be recorded at any time. */
  prepareRecording(): void {
    this.#pieces = [];
  }

  get position(): ChannelPosition {
    const pieces = this.#pieces ?? [];
    return { first: (this.source.released - pieces.length) | 0, rowsTaken: this.#row, type: this.#type, pieces };
  }

  /** Between two records: `write` gets all segments from `position` on that belong to the checkpoint. A former recording ends. */
  record(checkpointId: number, write: (segment: Uint8Array) => void): ChannelRecording {
    this.#recording = new ChannelRecording(this.source, checkpointId, this.position, write);
    return this.#recording;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get recordsIn(): number {
    return this.#recordsIn + this.#row;
  }

  get bytesIn(): number {
    return this.#bytesIn;
  }

  get backlog(): number {
    return this.source.backlog;
  }

  get hasData(): boolean {
    return !this.blocked && !this.#finished && this.source.peek() !== undefined;
  }

  get headTimestamp(): number | undefined {
    if (this.blocked || this.#finished) return undefined;
    const segment = this.source.peek();
    if (segment === undefined) return undefined;
    const { words, doubles } = segment;
    return (words[HeaderWord.flags]! & TIMED_OR_NOT_ROWS) === SegmentFlag.timestamps ? doubles[FIRST_DOUBLE] : NO_TIMESTAMP;
  }

  get reached(): number {
    return this.#reached;
  }

  get awaited(): number {
    return this.blocked || this.#finished ? Infinity : this.#reached;
  }

  /** Whether the consumer stopped between two rows of a segment. */
  get midSegment(): boolean {
    return this.#row > 0;
  }

  /** Hands out the oldest segment, or the rest of it. Answers whether there was one. */
  poll(consume: RecordConsumer, gate: ReadGate): boolean {
    if (this.blocked || this.#finished) return false;
    const segment = this.source.peek();
    if (segment === undefined) return false;
    const flags = segment.words[HeaderWord.flags]!;
    if ((flags & NOT_ROWS) === 0) this.#readRows(segment, flags, consume, gate);
    else if (flags & SegmentFlag.event) this.#readEvent(segment, flags);
    else this.#readPiece(segment, consume);
    return true;
  }

  #readRows(segment: Segment, flags: number, consume: RecordConsumer, gate: ReadGate): void {
    const count = segment.words[HeaderWord.rowCount]!;
    const next = this.#readerOf(segment, flags).read(segment, this.#row, consume, gate);
    if (next < count) {
      this.#row = next;
      return;
    }
    this.#row = 0;
    this.#recordsIn += count;
    if (flags & SegmentFlag.timestamps) this.#reached = segment.doubles[FIRST_DOUBLE]!;
    this.#release(segment);
  }

  #readerOf(segment: Segment, flags: number): RowReader {
    const timestamps = (flags & SegmentFlag.timestamps) !== 0;
    const layout = segment.words[HeaderWord.schemaVersion]! * 2 + (timestamps ? 1 : 0);
    if (layout !== this.#layout) {
      this.#layout = layout;
      this.#reader = this.readers.rows(this.#type, timestamps);
    }
    return this.#reader!;
  }

  #readPiece(segment: Segment, consume: RecordConsumer): void {
    this.#spanning ??= this.readers.spanning(this.#type);
    const complete = this.#spanning.add(segment);
    this.#keepPiece(segment, complete);
    this.#release(segment);
    if (!complete) return;
    this.#recordsIn++;
    this.#spanning.deliver(consume);
  }

  /** The segment is given back first: what the event sets off may take long. */
  #readEvent(segment: Segment, flags: number): void {
    if ((flags & PIECE) === 0) {
      const event = readEvent(segment);
      this.#release(segment);
      this.#handle(event);
      return;
    }
    this.#spanningEvent ??= new SpanningReader({ kind: 'generic' });
    const complete = this.#spanningEvent.add(segment);
    this.#keepPiece(segment, complete);
    this.#release(segment);
    if (complete) this.#handle(this.#spanningEvent.event());
  }

  #handle(event: StreamEvent): void {
    if (event.kind === 'schema') {
      this.#type = event.type;
      this.#layout = NO_LAYOUT;
      this.#spanning = undefined;
      return;
    }
    if (event.kind === 'endOfInput') this.#finished = true;
    if (event.kind === 'watermark' && event.timestamp > this.#reached) this.#reached = event.timestamp;
    this.onEvent(event);
  }

  #keepPiece(segment: Segment, complete: boolean): void {
    if (this.#pieces === undefined) return;
    if (complete) this.#pieces = [];
    else this.#pieces.push(Buffer.from(segment.bytes.subarray(0, segment.byteLength)));
  }

  #recordOn(recording: ChannelRecording): void {
    recording.advance();
    if (recording.complete) this.#recording = undefined;
  }

  #release(segment: Segment): void {
    if (this.#recording !== undefined) this.#recordOn(this.#recording);
    this.#bytesIn += segment.words[HeaderWord.byteLength]!;
    this.source.release();
  }
}
