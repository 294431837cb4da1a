import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newJobId, silentLogger, systemClock } from '#core';
import type { SourceOutput, SourceReaderContext } from '../connector/source.js';
import { TextFileReader } from './text-file-reader.js';

/* CPU ns for each line of about 60 bytes, read from a file in the page cache by the real reader. */

const LINES = 1_000_000;
const ROUNDS = 5;

class CountingOutput implements SourceOutput<string> {
  readonly blocked = false;
  lines = 0;
  length = 0;

  emit(line: string): void {
    this.lines++;
    this.length += line.length;
  }
}

function writeLines(path: string): number {
  const file = openSync(path, 'w');
  let characters = 0;
  for (let i = 0; i < LINES; i += 1000) {
    let text = '';
    for (let j = i; j < i + 1000; j++) text += `${String(j).padStart(10, '0')} to be or not to be, that is the question here\n`;
    characters += text.length - 1000;
    writeSync(file, text);
  }
  closeSync(file);
  return characters;
}

async function readLines(path: string, sizeBytes: number): Promise<CountingOutput> {
  const output = new CountingOutput();
  let wake = (): void => undefined;
  const context: SourceReaderContext = {
    subtaskIndex: 0,
    parallelism: 1,
    jobId: newJobId(),
    clock: systemClock,
    logger: silentLogger,
    signal: new AbortController().signal,
    wake: () => {
      wake();
    },
    requestSplit: () => undefined,
    fail: (error) => {
      throw error;
    },
  };
  const reader = new TextFileReader(context, 'UTF-8');
  reader.addSplits([{ id: path, path: `file://${path}`, startByte: 0, endByte: sizeBytes } as never]);
  reader.noMoreSplits();
  reader.open();
  for (let status = reader.poll(output, 4096); status !== 'end'; status = reader.poll(output, 4096)) {
    if (status === 'idle') {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  await reader.close();
  return output;
}

const directory = mkdtempSync(join(tmpdir(), 'flink-ts-bench-'));
try {
  const path = join(directory, 'lines.txt');
  const characters = writeLines(path);
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const output = await readLines(path, characters + LINES);
    const { user, system } = process.cpuUsage(before);
    const right = output.lines === LINES && output.length === characters;
    if (!right) throw new Error(`read ${output.lines} lines with ${output.length} characters`);
    process.stdout.write(`text file source: ${(((user + system) * 1000) / LINES).toFixed(1)} CPU ns a line\n`);
  }
} finally {
  rmSync(directory, { recursive: true });
}
