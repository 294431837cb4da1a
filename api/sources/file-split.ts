import type { FileStatus } from '#core';
import type { Split } from '../connector/source.js';
import { isCompressed } from './compression.js';

/** Some bytes of a text file: the lines that begin in them. */
export interface FileSplit extends Split {
  readonly path: string;
  readonly startByte: number;
  /** Exclusive. For a compressed file, which is always read whole, the size it has on disk. */
  readonly endByte: number;
  /** Where a restored reader goes on: the first byte of a line, in a compressed file counted after decompression. */
  readonly nextByte?: number;
  /** Machines that hold its bytes, by name and by address. Absent where the file system does not know. */
  readonly hosts?: readonly string[];
}

const LARGEST_SPLIT_BYTES = 32 * 1024 * 1024;
const SMALLEST_SPLIT_BYTES = 1024 * 1024;
/** Splits a reader gets, if there is enough to read, so that a slow reader does not hold up the end. */
const SPLITS_PER_READER = 4;

/** Divides files so that readers can share them. Compressed files cannot be divided, empty ones are left out. */
export function splitFiles(files: readonly FileStatus[], parallelism: number): FileSplit[] {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const evenly = Math.ceil(totalBytes / (parallelism * SPLITS_PER_READER));
  const splitBytes = Math.min(LARGEST_SPLIT_BYTES, Math.max(SMALLEST_SPLIT_BYTES, evenly));
  return files.flatMap((file) => splitFile(file, isCompressed(file.path) ? file.sizeBytes : splitBytes));
}

function splitFile(file: FileStatus, splitBytes: number): FileSplit[] {
  const splits: FileSplit[] = [];
  for (let startByte = 0; startByte < file.sizeBytes; startByte += splitBytes) {
    const endByte = Math.min(file.sizeBytes, startByte + splitBytes);
    splits.push({ id: `${file.path}:${startByte}-${endByte}`, path: file.path, startByte, endByte });
  }
  return splits;
}
