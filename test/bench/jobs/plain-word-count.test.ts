import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainWordCount } from '../../../bench/jobs/plain-word-count.js';
import { fingerprint, textHash } from '../../../bench/jobs/result-check.js';

describe('plain word count', () => {
  it('has a record for every word when streaming, for every different word in a batch', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'word-count-'));
    try {
      const path = join(directory, 'text');
      await writeFile(path, 'a b a\nb c\n');
      const sum = fingerprint(textHash('a'), 2) + fingerprint(textHash('b'), 2) + fingerprint(textHash('c'), 1);
      expect(await plainWordCount(path, 'streaming')).to.deep.equal({ records: 5, fingerprint: sum });
      expect(await plainWordCount(path, 'batch')).to.deep.equal({ records: 3, fingerprint: sum });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
