import { crc32 } from 'node:zlib';
import type { JobId, VertexId } from '#core';
import { decodePlain, encodePlain } from '../plan/plain-values.js';
import type { InFlightHandle, OperatorSnapshot, SubtaskSnapshot } from './handles.js';
import { UnreadableMetadataError } from './metadata-errors.js';
import { metadataShape } from './metadata-shape.js';

/** State of one operator in a checkpoint. */
export interface OperatorMetadata {
  /** 32 hexadecimal digits: state maps by it. */
  readonly operatorId: string;
  /** For people. */
  readonly name: string;
  readonly uid: string | undefined;
  /** The task it ran in. */
  readonly vertexId: VertexId;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** By subtask; those without state are left out. */
  readonly subtasks: ReadonlyMap<number, OperatorSnapshot>;
}

/** What tasks that had finished left. */
export interface FinishedTasks {
  readonly vertexId: VertexId;
  readonly name: string;
  readonly parallelism: number;
  readonly subtasks: ReadonlyMap<number, NonNullable<SubtaskSnapshot['finished']>>;
}

/** All that a job is restored from: the contents of `_metadata`. */
export interface CheckpointMetadata {
  readonly checkpointId: number;
  /** ms since 1970 UTC: when it was triggered. */
  readonly timestampMs: number;
  readonly kind: 'checkpoint' | 'savepoint';
  readonly jobId: JobId;
  readonly jobName: string;
  /** Of flink-ts, for people. */
  readonly writtenBy: string;
  readonly operators: readonly OperatorMetadata[];
  readonly finished: readonly FinishedTasks[];
  /** Of an unaligned checkpoint: what its barriers overtook, by the subtask that captured it. */
  readonly inFlight: readonly InFlightHandle[];
}

/*
 * The file, numbers little-endian:
 *
 *   8 bytes   "FLINKTS" and a line feed, which a transfer as text would change
 *   4 bytes   version of the format
 *   4 bytes   length of the body
 *   4 bytes   crc32 of the body
 *   body      the metadata in the value codec
 */
const MAGIC = Buffer.from('FLINKTS\n', 'latin1');
const FORMAT_VERSION = 1;
const HEADER_BYTES = 20;
/** What Flink's own files begin with. */
const MAGIC_OF_FLINK = 0x4960672d;

export function encodeMetadata(metadata: CheckpointMetadata): Uint8Array {
  const body = encodePlain(metadata);
  const file = Buffer.alloc(HEADER_BYTES + body.length);
  MAGIC.copy(file);
  file.writeUInt32LE(FORMAT_VERSION, 8);
  file.writeUInt32LE(body.length, 12);
  file.writeUInt32LE(crc32(body), 16);
  file.set(body, HEADER_BYTES);
  return file;
}

/** @param path named in the error. Throws {@link UnreadableMetadataError} for anything but a whole file of a known version. */
export function decodeMetadata(bytes: Uint8Array, path: string): CheckpointMetadata {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkHeader(file, path);
  const body = file.subarray(HEADER_BYTES);
  const length = file.readUInt32LE(12);
  if (body.length < length) {
    throw new UnreadableMetadataError(path, `it is cut off: ${length} bytes should follow its header, ${body.length} do`);
  }
  if (body.length > length) throw new UnreadableMetadataError(path, `${body.length - length} bytes follow its end`);
  if (crc32(body) !== file.readUInt32LE(16)) throw new UnreadableMetadataError(path, 'its checksum does not fit its contents');
  return decodeBody(body, path);
}

function checkHeader(file: Buffer, path: string): void {
  if (file.length >= 4 && file.readUInt32BE(0) === MAGIC_OF_FLINK) {
    throw new UnreadableMetadataError(path, 'it was written by Apache Flink for the Java virtual machine, whose state cannot be read here');
  }
  if (file.length < HEADER_BYTES) throw new UnreadableMetadataError(path, `it is cut off after ${file.length} bytes`);
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) throw new UnreadableMetadataError(path, 'it does not begin as such a file does');
  const version = file.readUInt32LE(8);
  if (version !== FORMAT_VERSION) {
    throw new UnreadableMetadataError(path, `its format is version ${version}, and this flink-ts reads version ${FORMAT_VERSION}`);
  }
}

function decodeBody(body: Buffer, path: string): CheckpointMetadata {
  try {
    const value = decodePlain(body);
    metadataShape(value, 'metadata');
    return value as CheckpointMetadata;
  } catch (error) {
    throw new UnreadableMetadataError(path, `its contents make no sense: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}
