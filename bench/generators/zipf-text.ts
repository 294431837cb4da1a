import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { MixedNumbers } from './mixed-numbers.js';

export interface ZipfTextOptions {
  /** The text ends with the line that reaches this length. */
  readonly bytes: number;
  /** How many different words there are to choose from, at most 2^21. */
  readonly uniqueWords: number;
}

export interface ZipfTextSize {
  readonly bytes: number;
  readonly words: number;
}

const SEED = 7;
const SLOTS = 1 << 20;
const CHUNK_BYTES = 1 << 20;
const WORDS_IN_LINE = 10;
const LONGEST_WORD = 16;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Text of ten words a line, the k-th word with a frequency of 1/k: the very bytes of the peer's text generator.
 * Yields chunks of about a mebibyte; a chunk may be used until the next is asked for.
 */
export function* zipfText({ bytes, uniqueWords }: ZipfTextOptions): Generator<Uint8Array, ZipfTextSize, void> {
  const random = new MixedNumbers(SEED);
  const words = makeWords(random, uniqueWords);
  const wordOfSlot = wordsByMass(uniqueWords);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES + WORDS_IN_LINE * LONGEST_WORD);
  let written = 0;
  let lines = 0;
  let used = 0;
  for (; written + used < bytes; lines++) {
    if (used >= CHUNK_BYTES) {
      yield chunk.subarray(0, used);
      written += used;
      used = 0;
    }
    for (let i = 0; i < WORDS_IN_LINE; i++) {
      // The tail is thinner than a slot: one word in 64 is chosen uniformly.
      const index = random.nextBelow(64) === 0 ? random.nextBelow(uniqueWords) : wordOfSlot[random.next() >>> 12]!;
      used += words[index]!.copy(chunk, used);
      chunk[used++] = i === WORDS_IN_LINE - 1 ? LINE_FEED : SPACE;
    }
  }
  yield chunk.subarray(0, used);
  return { bytes: written + used, words: lines * WORDS_IN_LINE };
}

/** Writes the text to a file, which is there only when it is whole. */
export async function writeZipfText(path: string, options: ZipfTextOptions): Promise<ZipfTextSize> {
  const unfinished = `${path}.${process.pid}.part`;
  const file = createWriteStream(unfinished);
  const chunks = zipfText(options);
  let next = chunks.next();
  for (; next.done !== true; next = chunks.next()) {
    if (!file.write(Buffer.from(next.value))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  await rename(unfinished, path);
  return next.value;
}

function makeWords(random: MixedNumbers, count: number): Buffer[] {
  const words = new Set<string>();
  while (words.size < count) {
    const length = 2 + Math.trunc(Math.min(words.size, 200) / 50) + random.nextBelow(6);
    let word = '';
    for (let i = 0; i < length; i++) word += String.fromCharCode(0x61 + random.nextBelow(26));
    words.add(word);
  }
  return Array.from(words, (word) => Buffer.from(word, 'latin1'));
}

/** For each of 2^20 equal parts of the whole mass, the word it falls on. */
function wordsByMass(uniqueWords: number): Int32Array {
  const upTo = new Float64Array(uniqueWords);
  let total = 0;
  for (let i = 0; i < uniqueWords; i++) upTo[i] = total += 1 / (i + 1);
  const wordOfSlot = new Int32Array(SLOTS);
  for (let slot = 0, word = 0; slot < SLOTS; slot++) {
    while (upTo[word]! < ((slot + 0.5) / SLOTS) * total && word < uniqueWords - 1) word++;
    wordOfSlot[slot] = word;
  }
  return wordOfSlot;
}
