import { crc32 } from 'node:zlib';
import { keyGroupOf, type ReadGate, type RecordConsumer, subtaskOfKeyGroup, typeFromJson, type TypeInfo } from '#core';
import type { Partitioning } from '#api';
import type { BytesHandle, ChannelPart, RestoredInFlight } from '../checkpoint/handles.js';
import { CapturedSegments } from '../exchange/captured-segments.js';
import { ChannelReader } from '../exchange/channel-reader.js';
import { RowReaders } from '../exchange/row-readers.js';
import { type EdgeName, isOn } from '../plan/channel-names.js';
import { DamagedStateError } from '../state/segment/errors.js';
import type { SnapshotReader } from '../state/snapshot-storage.js';

/** An in-edge of a subtask, whose former records are to be processed. */
export interface ReplayedEdge {
  readonly name: EdgeName;
  /** Declared type of the records. */
  readonly type: TypeInfo | undefined;
  readonly consume: RecordConsumer;
  /** Tells of a record whether the partitioning gives it to this subtask; undefined: it cannot tell, and all do. */
  readonly isOwn: ((value: unknown) => boolean) | undefined;
}

interface LoadedPart {
  readonly part: ChannelPart;
  readonly segments: readonly Uint8Array[];
}

/** What was in flight, in memory. */
export interface LoadedInFlight {
  readonly parts: readonly LoadedPart[];
  readonly shared: boolean;
}

/** Rejects with what the reader does, and with {@link DamagedStateError}. */
export async function loadInFlight({ handles, shared }: RestoredInFlight, reader: SnapshotReader): Promise<LoadedInFlight> {
  const loading = handles.flatMap(({ bytes, parts }) =>
    parts.map(async (part) => ({
      part,
      segments: await Promise.all(part.segments.map((segment) => loadSegment(bytes, segment, reader))),
    })),
  );
  return { parts: await Promise.all(loading), shared };
}

async function loadSegment(bytes: BytesHandle, segment: ChannelPart['segments'][number], reader: SnapshotReader): Promise<Uint8Array> {
  const { at, length } = segment;
  const read = await reader.read(bytes, at, at + length);
  if (crc32(read) === segment.crc32) return read;
  const path = bytes.kind === 'file' ? bytes.path : 'the metadata of a checkpoint';
  throw new DamagedStateError(path, `the checksum of the records in flight at ${at} does not fit`);
}

/** The parts of one channel. */
interface Channel {
  readonly edge: ReplayedEdge;
  consumer?: LoadedPart;
  producer?: LoadedPart;
}

/**
 * Processes the records that an unaligned checkpoint found in flight, channel by channel, before anything else comes in. Their watermarks
 * are passed over: sources make them anew.
 */
export class ReplayedChannels {
  readonly #channels: { readonly reader: ChannelReader; readonly consume: RecordConsumer }[];

  constructor({ parts, shared }: LoadedInFlight, edges: readonly ReplayedEdge[]) {
    const readers = new Map(edges.map((edge) => [edge, new RowReaders(edge.type)]));
    this.#channels = byChannel(parts, edges).flatMap((channel) => {
      const { edge } = channel;
      const reader = readerOf(channel, readers.get(edge)!);
      return reader === undefined ? [] : [{ reader, consume: shared ? filtered(edge) : edge.consume }];
    });
  }

  get done(): boolean {
    return this.#channels.length === 0;
  }

  /** Processes records until the gate is blocked, at most a segment of them. */
  poll(gate: ReadGate): void {
    const channel = this.#channels[0];
    if (channel !== undefined && !channel.reader.poll(channel.consume, gate)) this.#channels.shift();
  }
}

function byChannel(parts: readonly LoadedPart[], edges: readonly ReplayedEdge[]): readonly Channel[] {
  const channels = new Map<string, Channel>();
  for (const loaded of parts) {
    const { channel: name, end } = loaded.part;
    const edge = edges.find((candidate) => isOn(candidate.name, name));
    if (edge === undefined) continue;
    const key = JSON.stringify([name.from, name.to, name.input, name.outputTag, name.producer, name.consumer]);
    const channel = channels.get(key) ?? { edge };
    channels.set(key, channel);
    channel[end] = loaded;
  }
  return [...channels.values()];
}

/** What the consumer had not processed yet: what it has captured, then what only the producer has. */
function readerOf({ consumer, producer }: Channel, readers: RowReaders): ChannelReader | undefined {
  if (consumer === undefined) return undefined;
  const { part, segments } = consumer;
  const end = (part.first + segments.length) | 0;
  const overlap = producer === undefined ? 0 : (end - producer.part.first) | 0;
  const all = [...segments, ...(producer?.segments.slice(Math.max(0, overlap)) ?? [])];
  if (all.length === 0) return undefined;
  const type = part.type === undefined ? undefined : typeFromJson(part.type);
  return new ChannelReader(new CapturedSegments(part.first, all), readers, () => undefined, { rowsTaken: part.rowsTaken, type });
}

function filtered({ consume, isOwn }: ReplayedEdge): RecordConsumer {
  if (isOwn === undefined) return consume;
  return (value, timestamp) => {
    if (isOwn(value)) consume(value, timestamp);
  };
}

/** Whether a record is this subtask's, where the partitioning can tell. */
export function ownership(
  partitioning: Partitioning,
  subtaskIndex: number,
  parallelism: number,
  maxParallelism: number,
): ReplayedEdge['isOwn'] {
  switch (partitioning.kind) {
    case 'hash': {
      const { select } = partitioning.key;
      return (value) => subtaskOfKeyGroup(keyGroupOf(select(value), maxParallelism), maxParallelism, parallelism) === subtaskIndex;
    }
    case 'custom': {
      const { key, partitioner } = partitioning;
      return (value) => partitioner(key.select(value), parallelism) === subtaskIndex;
    }
    default:
      return undefined;
  }
}
