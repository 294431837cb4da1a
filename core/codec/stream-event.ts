import { typeFromJson, typeToJson } from '../types/type-json.js';
import type { TypeInfo } from '../types/type-info.js';
import { CorruptDataError, EventTooLargeError } from './errors.js';
import { HEADER_BYTES, HeaderWord, type Segment, SegmentFlag } from './segment.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

/** What travels between the records of a channel, in their order. */
export type StreamEvent =
  /** No record with a timestamp up to this one follows, unless it is late. */
  | { readonly kind: 'watermark'; readonly timestamp: number }
  /** The channel holds watermarks back no longer (idle), or does so again. */
  | { readonly kind: 'status'; readonly idle: boolean }
  /** What lies before belongs to the checkpoint, what lies behind does not. Options are plain data. */
  | {
      readonly kind: 'barrier';
      readonly checkpointId: number;
      readonly timestamp: number;
      readonly options: Readonly<Record<string, unknown>>;
    }
  /** A barrier on its way behind records, told of ahead of them: those that the consumer has not been given belong to the checkpoint. */
  | {
      readonly kind: 'announcement';
      readonly checkpointId: number;
      readonly timestamp: number;
      readonly options: Readonly<Record<string, unknown>>;
      /** Number of the first segment on the channel that the producer has put into the checkpoint: the consumer puts those before it. */
      readonly capturedFrom: number;
    }
  /** Nothing follows on this channel. */
  | { readonly kind: 'endOfInput' }
  /** Segments of this schema version hold rows of this type. */
  | { readonly kind: 'schema'; readonly version: number; readonly type: TypeInfo };

const EventCode = { watermark: 1, status: 2, barrier: 3, endOfInput: 4, schema: 5, announcement: 6 } as const;

/** The event as bytes; valid until the writer is used again. */
export function encodeEvent(event: StreamEvent, writer: ValueWriter): Buffer {
  writer.reset();
  writer.byte(EventCode[event.kind]);
  switch (event.kind) {
    case 'watermark':
      writer.double(event.timestamp);
      break;
    case 'status':
      writer.byte(event.idle ? 1 : 0);
      break;
    case 'announcement':
      writer.double(event.capturedFrom);
      writeBarrier(event, writer);
      break;
    case 'barrier':
      writeBarrier(event, writer);
      break;
    case 'schema':
      writer.varint(event.version);
      writer.value(typeToJson(event.type));
      break;
    case 'endOfInput':
  }
  return writer.written();
}

/** Reads what {@link encodeEvent} wrote. A type comes without `create`. Throws `CorruptDataError`. */
export function decodeEvent(reader: ValueReader): StreamEvent {
  const code = reader.byte();
  switch (code) {
    case EventCode.watermark:
      return { kind: 'watermark', timestamp: reader.double() };
    case EventCode.status:
      return { kind: 'status', idle: reader.byte() === 1 };
    case EventCode.barrier:
      return { kind: 'barrier', ...readBarrier(reader) };
    case EventCode.announcement: {
      const capturedFrom = reader.double();
      return { kind: 'announcement', capturedFrom, ...readBarrier(reader) };
    }
    case EventCode.schema: {
      const version = reader.varint();
      return { kind: 'schema', version, type: typeFromJson(reader.value()) };
    }
    case EventCode.endOfInput:
      return { kind: 'endOfInput' };
    default:
      throw new CorruptDataError(`there is no event with code ${code}`);
  }
}

type BarrierFields = Pick<Extract<StreamEvent, { kind: 'barrier' }>, 'checkpointId' | 'timestamp' | 'options'>;

function writeBarrier({ checkpointId, timestamp, options }: BarrierFields, writer: ValueWriter): void {
  writer.double(checkpointId);
  writer.double(timestamp);
  writer.value(options);
}

function readBarrier(reader: ValueReader): BarrierFields {
  const checkpointId = reader.double();
  const timestamp = reader.double();
  return { checkpointId, timestamp, options: reader.value() as BarrierFields['options'] };
}

const sharedWriter = new ValueWriter();
const sharedReader = new ValueReader();

/**
 * Makes the segment an event segment. Answers its byte length.
 * Throws `EventTooLargeError`; only types of very many fields come near a segment's size, and those go by `SpanningWriter`.
 */
export function writeEvent(segment: Segment, event: StreamEvent): number {
  const bytes = encodeEvent(event, sharedWriter);
  const byteLength = HEADER_BYTES + bytes.length;
  if (byteLength > segment.sizeBytes) throw new EventTooLargeError(event.kind, byteLength, segment.sizeBytes);
  bytes.copy(segment.bytes, HEADER_BYTES);
  const { words } = segment;
  words[HeaderWord.byteLength] = byteLength;
  words[HeaderWord.rowCount] = 0;
  words[HeaderWord.flags] = SegmentFlag.event;
  words[HeaderWord.heapUnits] = 0;
  words[HeaderWord.textBytes] = 0;
  words[HeaderWord.schemaVersion] = 0;
  return byteLength;
}

/** Reads the event of an event segment. Throws `CorruptDataError`. */
export function readEvent(segment: Segment): StreamEvent {
  return decodeEvent(sharedReader.attach(segment.bytes, HEADER_BYTES, segment.byteLength));
}
