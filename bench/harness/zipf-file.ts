import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZipfText, type ZipfTextSize } from '../generators/zipf-text.js';

const UNIQUE_WORDS = 100_000;
const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** A text to count words in. */
export interface TextFile {
  readonly path: string;
  readonly words: number;
}

/** A text of about this size, made once and kept outside the checkout. */
export async function zipfFile(bytes: number): Promise<TextFile> {
  const directory = join(tmpdir(), 'flink-ts-bench');
  const path = join(directory, `words-${bytes}.txt`);
  const sizePath = `${path}.json`;
  mkdirSync(directory, { recursive: true });
  if (!existsSync(path) || !existsSync(sizePath)) {
    writeFileSync(sizePath, JSON.stringify(await writeZipfText(path, { bytes, uniqueWords: UNIQUE_WORDS })));
  }
  const { words } = JSON.parse(readFileSync(sizePath, 'utf8')) as ZipfTextSize;
  return { path, words };
}

/** A text of someone else's, with its words counted as the jobs split it: at blanks, in lines. */
export function givenText(path: string): TextFile {
  let words = 0;
  for (const byte of readFileSync(path)) if (byte === SPACE || byte === LINE_FEED) words++;
  return { path, words };
}
