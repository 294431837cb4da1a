import { fileSystems } from '#core';
import { FileByteSource, StreamByteSource, type ByteSource } from './byte-source.js';
import { decompressed, isCompressed } from './compression.js';
import type { FileSplit } from './file-split.js';
import { LineChunker } from './line-chunker.js';

/** The open file of a split, with what cuts it into lines. */
export interface OpenLines {
  readonly source: ByteSource;
  readonly chunker: LineChunker;
}

export async function openLines(split: FileSplit): Promise<OpenLines> {
  const { path, nextByte, endByte } = split;
  if (isCompressed(path)) return openCompressed(path, nextByte ?? 0);
  const resumed = nextByte !== undefined;
  const startByte = nextByte ?? Math.max(0, split.startByte - 1);
  const source = new FileByteSource(await fileSystems.resolve(path).fileSystem.open(path), startByte);
  const skipFirstLine = !resumed && split.startByte > 0;
  return { source, chunker: new LineChunker(source, { path, startByte, endByte, skipFirstLine }) };
}

/** Positions in a compressed file are those of its decompressed bytes, whose number is not known. */
async function openCompressed(path: string, startByte: number): Promise<OpenLines> {
  const source = new StreamByteSource(decompressed(path, fileSystems.resolve(path).fileSystem.stream(path)));
  await source.skip(startByte);
  return { source, chunker: new LineChunker(source, { path, startByte, endByte: Infinity, skipFirstLine: false }) };
}
