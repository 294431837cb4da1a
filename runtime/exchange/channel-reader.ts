import {
  HeaderWord,
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
import type { RingConsumer } from './ring.js';
import type { RowReaders } from './row-readers.js';

const PIECE = SegmentFlag.spanning | SegmentFlag.spanningEnd;
const NOT_ROWS = PIECE | SegmentFlag.event;
const NO_LAYOUT = -1;

/** Decodes one channel: rows, large records, schemas, and events for the gate. */
export class ChannelReader {
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

  constructor(
    private readonly ring: RingConsumer,
    private readonly readers: RowReaders,
    private readonly onEvent: (event: StreamEvent) => void,
  ) {}

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
    return this.ring.backlog;
  }

  get hasData(): boolean {
    return !this.blocked && !this.#finished && this.ring.peek() !== undefined;
  }

  /** Whether the consumer stopped between two rows of a segment. */
  get midSegment(): boolean {
    return this.#row > 0;
  }

  /** Hands out the oldest segment, or the rest of it. Answers whether there was one. */
  poll(consume: RecordConsumer, gate: ReadGate): boolean {
    if (this.blocked || this.#finished) return false;
    const segment = this.ring.peek();
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
    this.onEvent(event);
  }

  #release(segment: Segment): void {
    this.#bytesIn += segment.words[HeaderWord.byteLength]!;
    this.ring.release();
  }
}
