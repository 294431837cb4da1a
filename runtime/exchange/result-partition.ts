import {
  compile,
  invariant,
  keyGroupOf,
  NO_TIMESTAMP,
  type ReadGate,
  SeededRandom,
  type StreamEvent,
  subtaskOfKeyGroup,
  type TypeInfo,
} from '#core';
import type { Partitioning } from '#api';
import type { ChannelEnd } from '../task/deployment.js';
import { type Barrier, type CaptureStart, ChannelWriter, type PartitionState } from './channel-writer.js';
import { Doorbell } from './doorbell.js';
import { emitSource } from './emit-source.js';
import { PartitionOutOfRangeError } from './errors.js';
import { Overdraft } from './overdraft.js';
import { RingProducer } from './ring.js';
import { RowSchemas } from './row-schemas.js';

export interface ResultPartitionOptions {
  /** For messages. */
  readonly operatorName: string;
  readonly subtaskIndex: number;
  readonly partitioning: Partitioning;
  /** In the order of `consumersOf`. */
  readonly channels: readonly ChannelEnd[];
  /** Declared type of the records; undefined: inferred from them. */
  readonly type: TypeInfo | undefined;
  /** Of the consuming vertex, for `hash`. */
  readonly maxParallelism: number;
  /** ms after which an unfinished segment is handed over; 0: with every record, -1: never. */
  readonly bufferTimeoutMs: number;
  /** Set to blocked when this partition is; whoever drains sets it back. */
  readonly gate?: ReadGate;
  readonly maxOverdraftSegments?: number;
}

const DEFAULT_MAX_OVERDRAFT = 1024;

/**
 * The sending side of one out-edge of a subtask. `emit` never fails for want of room: it overdraws and sets `blocked`, after which nothing
 * more should be taken in until `drain` has cleared it.
 *
 * The loop's part: `flushDue(now)` in each turn, also before it sleeps until `nextFlushAtMs`; `drain()` while `blocked`, whenever its bell
 * rings.
 */
export class ResultPartition {
  /** Sends a record. Throws `OverdraftExceededError`, `RecordNotSentError`, `PartitionOutOfRangeError`, and what a key selector throws. */
  readonly emit: (value: unknown, timestamp: number) => void;
  /** Whether nothing more should be emitted for now. */
  blocked = false;
  readonly #channels: readonly ChannelWriter[];
  readonly #state: PartitionState;
  readonly #timeoutMs: number;
  #flushAtMs = Number.POSITIVE_INFINITY;

  constructor(options: ResultPartitionOptions) {
    invariant(options.channels.length > 0, 'a result partition has a channel');
    const rings = options.channels.map(({ ring, peerBell }) => new RingProducer(ring, new Doorbell(peerBell)));
    const maxOverdraft = options.maxOverdraftSegments ?? DEFAULT_MAX_OVERDRAFT;
    this.#state = {
      operatorName: options.operatorName,
      schemas: new RowSchemas(options.type),
      overdraft: new Overdraft(options.operatorName, maxOverdraft, rings[0]!.segmentSizeBytes),
      openChannels: 0,
      onBlocked: () => {
        this.blocked = true;
        if (options.gate) options.gate.blocked = true;
      },
    };
    this.#channels = rings.map((ring) => new ChannelWriter(ring, this.#state));
    this.#timeoutMs = options.bufferTimeoutMs;
    this.emit = compileEmit(options, this.#channels);
  }

  /** Sends an event on every channel, behind all records. */
  broadcastEvent(event: StreamEvent): void {
    for (const channel of this.#channels) channel.writeEvent(event);
  }

  /** Sends a barrier on every channel, behind all records. */
  sendBarrier(barrier: Barrier): void {
    for (const channel of this.#channels) channel.writeBarrier(barrier);
  }

  /** Whether all consumers have taken the barrier that was sent last. */
  get barrierTaken(): boolean {
    return this.#channels.every((channel) => channel.barrierTaken);
  }

  /** Lets the barrier that was sent last overtake what consumers have not taken; captures that, channel by channel. */
  announceBarrier(barrier: Barrier, begin: (channel: number) => CaptureStart): void {
    for (const [index, channel] of this.#channels.entries()) channel.announceBarrier(barrier, begin(index));
  }

  /** Hands over everything that was emitted. */
  flush(): void {
    for (const channel of this.#channels) channel.flush();
    this.#flushAtMs = Number.POSITIVE_INFINITY;
  }

  /** Hands over what has waited for the buffer timeout; times it from the first call that sees it. */
  flushDue(nowMs: number): void {
    if (this.#state.openChannels === 0 || this.#timeoutMs < 0) this.#flushAtMs = Number.POSITIVE_INFINITY;
    else if (nowMs >= this.#flushAtMs) this.flush();
    else if (this.#flushAtMs === Number.POSITIVE_INFINITY) this.#flushAtMs = nowMs + this.#timeoutMs;
  }

  /** When `flushDue` has something to do next; infinity: not before more is emitted. */
  get nextFlushAtMs(): number {
    return this.#flushAtMs;
  }

  /** Moves what was overdrawn to the consumers as they make room. Answers whether there was progress. */
  drain(): boolean {
    if (!this.blocked) return false;
    let progress = false;
    let blocked = false;
    for (const channel of this.#channels) {
      progress = channel.drain() || progress;
      blocked ||= channel.blocked;
    }
    this.blocked = blocked;
    return progress;
  }

  get recordsOut(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.recordsOut, 0);
  }

  /** Bytes of the segments handed over. */
  get bytesOut(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.bytesOut, 0);
  }

  get overdraftSegments(): number {
    return this.#state.overdraft.used;
  }
}

function compileEmit(options: ResultPartitionOptions, channels: readonly ChannelWriter[]): ResultPartition['emit'] {
  const { partitioning, operatorName, maxParallelism, subtaskIndex } = options;
  const count = channels.length;
  const key = 'key' in partitioning ? partitioning.key : undefined;
  const random = new SeededRandom(subtaskIndex);
  const constants: Readonly<Record<string, unknown>> = {
    channels,
    count,
    random,
    keyGroupOf,
    maxParallelism,
    none: NO_TIMESTAMP,
    first: random.nextInt(count),
    select: key?.select,
    table: partitioning.kind === 'hash' ? keyGroupTable(maxParallelism, count) : undefined,
    partitioner: partitioning.kind === 'custom' ? partitioning.partitioner : undefined,
    outOfRange: (index: unknown) => new PartitionOutOfRangeError(operatorName, index, count),
    explain: (error: unknown) => channels[0]!.explain(error),
  };
  return compile('emit', emitSource(partitioning, count, options.bufferTimeoutMs === 0), constants) as ResultPartition['emit'];
}

/** The consumer subtask of each key group. */
function keyGroupTable(maxParallelism: number, parallelism: number): Int32Array {
  return Int32Array.from({ length: maxParallelism }, (_, keyGroup) => subtaskOfKeyGroup(keyGroup, maxParallelism, parallelism));
}
