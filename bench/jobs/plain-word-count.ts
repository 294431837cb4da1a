import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fingerprint, type ResultSummary, textHash } from './result-check.js';

/** What a word count of the file must come to: a record for every word when it is streaming, for every different word in a batch. */
export async function plainWordCount(path: string, mode: 'streaming' | 'batch'): Promise<ResultSummary> {
  const counts = new Map<string, number>();
  let words = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    for (const word of line.split(' ')) {
      words++;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  let sum = 0;
  for (const [word, count] of counts) sum += fingerprint(textHash(word), count);
  return { records: mode === 'batch' ? counts.size : words, fingerprint: sum };
}
