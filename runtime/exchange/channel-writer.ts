import {
  DeclaredTypeMismatchError,
  EventTooLargeError,
  type FlinkError,
  HeaderWord,
  NO_TIMESTAMP,
  RecordTooLargeError,
  type RowWriter,
  type Segment,
  SpanningWriter,
  type StreamEvent,
  type TypeInfo,
  UnsupportedRecordError,
  writeEvent,
  WriteResult,
} from '#core';
import { RecordNotSentError } from './errors.js';
import type { Overdraft } from './overdraft.js';
import type { RingProducer } from './ring.js';
import type { RowSchema, RowSchemas } from './row-schemas.js';

export type Barrier = Extract<StreamEvent, { kind: 'barrier' }>;

/** Told the number of the first segment, answers what is given the bytes of each, valid during the call. */
export type CaptureStart = (first: number) => (segment: Uint8Array) => void;

/** Stands in until the first record tells its type. */
const NO_WRITER: RowWriter = { attach() {}, write: () => WriteResult.full, rowCount: 0, finish: () => 0 };

const GENERIC: TypeInfo = { kind: 'generic' };
const CODEC_ERRORS = [UnsupportedRecordError, DeclaredTypeMismatchError, RecordTooLargeError];

/** What the channels of a result partition share. */
export interface PartitionState {
  readonly operatorName: string;
  readonly schemas: RowSchemas;
  readonly overdraft: Overdraft;
  /** Channels that have rows which were not handed over. */
  openChannels: number;
  /** Called when a channel can take no more without overdraft. */
  onBlocked(): void;
}

/**
 * Encodes the records and events of one channel into its ring.
 *
 * ```
 *   rows ─▶ open segment ─▶ queue of private segments ─▶ ring ─▶ consumer
 *            (of the ring,    (overdraft: only while
 *             or private)      the ring is full)
 * ```
 * The channel is blocked as soon as the open segment is the last free one of the ring. What is emitted before the loop sees that fits into
 * this segment in most cases; what does not goes to private segments, which `drain` copies into the ring, in order, as it empties.
 */
export class ChannelWriter {
  /**
   * Emitting code calls `writer.write` itself and comes here, to `write`, only when that does not answer `written`.
   * That is safe at any time: a writer that has let go of its segment has no room.
   */
  writer: RowWriter = NO_WRITER;
  /** Whether rows carry timestamps. Records with one must not go to `writer` otherwise. */
  timestamps = false;
  blocked = false;
  #schema: RowSchema | undefined;
  #spanning: SpanningWriter | undefined;
  /** The segment that `writer` fills. */
  #open: Segment | undefined;
  readonly #queue: Segment[] = [];
  #recordsOut = 0;
  #bytesOut = 0;
  /** Since the last record. */
  #layoutChanged = false;
  /** Number of the segment that holds the barrier written last. */
  #barrierAt = 0;
  /** The channel blocks with fewer free segments than this, the open one included, … */
  readonly #reserve: number;
  /** … and goes on when there are as many as this: half a ring, so that the two sides wake each other rarely. */
  readonly #enough: number;

  constructor(
    private readonly ring: RingProducer,
    private readonly partition: PartitionState,
  ) {
    this.#reserve = Math.min(2, ring.segmentCount);
    this.#enough = Math.max(this.#reserve, ring.segmentCount >> 1);
    const declared = partition.schemas.current;
    if (declared) this.#use(declared);
  }

  get recordsOut(): number {
    return this.#recordsOut + (this.#open === undefined ? 0 : this.writer.rowCount);
  }

  /** Bytes handed over, headers included. */
  get bytesOut(): number {
    return this.#bytesOut;
  }

  /** Writes a record, whatever it takes. Throws `OverdraftExceededError`, `RecordNotSentError`. */
  write(value: unknown, timestamp: number): void {
    try {
      while (!this.#tryWrite(value, timestamp));
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Writes an event behind all records. */
  writeEvent(event: StreamEvent): void {
    this.flush();
    this.#close();
    // However much is overdrawn: barriers may come while nothing else does.
    const segment = this.#take(true);
    try {
      writeEvent(segment, event);
    } catch (error) {
      if (!(error instanceof EventTooLargeError)) throw error;
      this.#giveBack(segment);
      const spanning = new SpanningWriter(GENERIC, 0);
      spanning.startEvent(event);
      this.#writePieces(spanning);
      return;
    }
    this.#handOver(segment);
  }

  /** Writes a barrier behind all records. */
  writeBarrier(barrier: Barrier): void {
    this.flush();
    this.#barrierAt = (this.ring.published + this.#queue.length) | 0;
    this.writeEvent(barrier);
  }

  /** Whether the consumer has taken the barrier that was written last. */
  get barrierTaken(): boolean {
    return ((this.ring.released - this.#barrierAt) | 0) > 0;
  }

  /**
   * Lets the barrier that was written last overtake what the consumer has not taken of the records before it: announces it, and hands these
   * to what `begin` makes of the number of the first segment. Nothing, when the consumer has taken it.
   */
  announceBarrier(barrier: Barrier, begin: CaptureStart): void {
    const from = this.ring.released;
    const count = (this.#barrierAt - from) | 0;
    if (count < 0) return;
    const capture = begin(from);
    let captured = 0;
    for (const segment of this.#unreleased(from)) if (captured++ < count) capture(segment.bytes.subarray(0, segment.byteLength));
    this.ring.announcements.post({ ...barrier, kind: 'announcement', capturedFrom: from });
  }

  *#unreleased(from: number): Generator<Segment> {
    yield* this.ring.publishedFrom(from);
    yield* this.#queue;
  }

  /** Hands the open segment over, if it has rows. */
  flush(): void {
    const segment = this.#open;
    if (segment === undefined || this.writer.rowCount === 0) return;
    this.#recordsOut += this.writer.rowCount;
    this.writer.finish();
    this.#open = undefined;
    this.partition.openChannels--;
    this.#handOver(segment);
  }

  /** Moves private segments into the ring. Answers whether anything moved, or the channel is blocked no longer. */
  drain(): boolean {
    if (!this.blocked) return false;
    let moved = false;
    do {
      moved = this.#moveQueue() || moved;
      if (!this.ring.awaitRoom(this.#enough)) return moved;
    } while (this.#queue.length > 0);
    this.blocked = false;
    return true;
  }

  /** Names the operator in an error of a codec. */
  explain(error: unknown): unknown {
    return CODEC_ERRORS.some((known) => error instanceof known)
      ? new RecordNotSentError(this.partition.operatorName, error as FlinkError)
      : error;
  }

  #tryWrite(value: unknown, timestamp: number): boolean {
    if (this.#schema === undefined || (timestamp !== NO_TIMESTAMP && !this.timestamps)) this.#changeSchema(value, timestamp);
    if (this.#open === undefined) this.#openSegment();
    switch (this.writer.write(value, timestamp)) {
      case WriteResult.written:
        return true;
      case WriteResult.full:
        this.flush();
        return false;
      case WriteResult.mismatch:
        this.#changeSchema(value, timestamp);
        return false;
      case WriteResult.tooLarge:
        this.#writeSpanning(value, timestamp);
        return true;
    }
  }

  #openSegment(): void {
    // A record that changed the layout has taken a segment for that: what it is written to is not its emitter's excess.
    this.#open = this.#take(this.#layoutChanged);
    this.#layoutChanged = false;
    this.writer.attach(this.#open);
    this.partition.openChannels++;
  }

  #changeSchema(value: unknown, timestamp: number): void {
    this.flush();
    this.#close();
    const known = this.#schema?.version ?? 0;
    const schema = this.partition.schemas.after(this.#schema, value, timestamp);
    this.#use(schema);
    if (schema.version === known) return;
    this.#layoutChanged = true;
    this.writeEvent({ kind: 'schema', version: schema.version, type: schema.codec.type });
  }

  /** Behind the rows so far, over as many segments as it takes. */
  #writeSpanning(value: unknown, timestamp: number): void {
    this.#close();
    this.#spanning ??= new SpanningWriter(this.#schema!.codec.type, this.#schema!.version);
    this.#spanning.start(value, timestamp);
    this.#writePieces(this.#spanning);
    this.#recordsOut++;
  }

  #writePieces(spanning: SpanningWriter): void {
    let first = true;
    for (let last = false; !last; first = false) {
      const segment = this.#take(!first);
      last = spanning.fill(segment);
      this.#handOver(segment);
    }
  }

  #use(schema: RowSchema): void {
    this.#schema = schema;
    this.#spanning = undefined;
    this.timestamps = schema.codec.timestamps;
    this.writer = schema.codec.newWriter(schema.version);
  }

  /** Lets go of an open segment without rows: it stays the next one of the ring. */
  #close(): void {
    const segment = this.#open;
    if (segment === undefined) return;
    this.writer.finish();
    this.#open = undefined;
    this.partition.openChannels--;
    this.#giveBack(segment);
  }

  #giveBack(segment: Segment): void {
    if (segment.memory !== this.ring.memory) this.partition.overdraft.give(segment);
  }

  #take(beyond = false): Segment {
    const segment = this.#queue.length === 0 ? this.ring.acquire() : undefined;
    if (!this.ring.awaitRoom(this.#reserve)) this.#block();
    return segment ?? this.partition.overdraft.take(beyond);
  }

  #handOver(segment: Segment): void {
    this.#bytesOut += segment.words[HeaderWord.byteLength]!;
    if (segment.memory === this.ring.memory) this.ring.publish();
    else {
      this.#queue.push(segment);
      this.#moveQueue();
      if (this.#queue.length > 0) this.#block();
    }
  }

  #block(): void {
    if (this.blocked) return;
    this.blocked = true;
    this.partition.onBlocked();
  }

  #moveQueue(): boolean {
    let moved = 0;
    for (const segment of this.#queue) {
      const target = this.ring.acquire();
      if (target === undefined) break;
      segment.bytes.copy(target.bytes, 0, 0, segment.byteLength);
      this.ring.publish();
      this.partition.overdraft.give(segment);
      moved++;
    }
    this.#queue.splice(0, moved);
    return moved > 0;
  }
}
