import { createHash } from 'node:crypto';
import { Configuration } from '#conf';
import { FileSystems, invariant, joinPath } from '#core';
import { registerHdfs } from './register.js';

/*
 * One big file written and read in a row, as MB per second of the client's CPU (all threads of the process), and by the clock.
 * Run: scripts/testbed start hdfs; eval "$(scripts/testbed env)"; node dist/connectors/hdfs/hdfs.bench.js [MB, by default 512]
 */

const PIECE_BYTES = 256 * 1024;
const sizeBytes = Number(process.argv[2] ?? 512) * 1_000_000;
const systems = new FileSystems();
registerHdfs(systems, Configuration.empty.toJSON());
const path = joinPath('hdfs:///tmp', `flink-ts-bench-${process.pid}`);
const { fileSystem } = systems.resolve(path);
const piece = Buffer.allocUnsafe(PIECE_BYTES);
for (let index = 0; index < PIECE_BYTES; index++) piece[index] = (index * 2654435761) >>> 24;

async function measure(name: string, work: () => Promise<number>): Promise<void> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const bytes = await work();
  invariant(bytes === sizeBytes, 'all bytes are written and read');
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = (per: number): string => `${(bytes / 1e6 / per).toFixed(0)} MB/s`;
  process.stdout.write(`${name.padEnd(28)} ${rate(cpuSeconds)} of CPU, ${rate(seconds)} by the clock\n`);
}

async function write(pieceBytes: number): Promise<number> {
  const file = await fileSystem.create(path, { overwrite: true });
  for (let done = 0; done < sizeBytes; done += pieceBytes) await file.write(piece.subarray(0, Math.min(pieceBytes, sizeBytes - done)));
  await file.close();
  return file.positionBytes;
}

async function readAt(pieceBytes: number): Promise<number> {
  const file = await fileSystem.open(path);
  const target = Buffer.allocUnsafe(pieceBytes);
  let position = 0;
  for (let read; (read = await file.read(target, 0, pieceBytes, position)) > 0;) position += read;
  await file.close();
  return position;
}

async function stream(take: (chunk: Buffer) => void): Promise<number> {
  let bytes = 0;
  for await (const chunk of fileSystem.stream(path)) {
    take(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return bytes;
}

/** What was read must be what was written. */
async function check(): Promise<void> {
  const [written, read] = [createHash('sha1'), createHash('sha1')];
  for (let done = 0; done < sizeBytes; done += 4096) written.update(piece.subarray(0, Math.min(4096, sizeBytes - done)));
  await stream((chunk) => void read.update(chunk));
  invariant(written.digest('hex') === read.digest('hex'), 'what was read is what was written');
}

try {
  await measure('written by 256 KB', () => write(PIECE_BYTES));
  await measure('written by 4 KB', () => write(4096));
  await measure('read at positions by 256 KB', () => readAt(PIECE_BYTES));
  await measure('read at positions by 64 KB', () => readAt(65536));
  await measure('read as a stream', () => stream(() => undefined));
  await check();
} finally {
  await fileSystem.delete(path);
}
