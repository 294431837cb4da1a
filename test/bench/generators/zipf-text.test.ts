import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZipfText, zipfText, type ZipfTextOptions, type ZipfTextSize } from '../../../bench/generators/zipf-text.js';

function digest(options: ZipfTextOptions): ZipfTextSize & { sha256: string } {
  const hash = createHash('sha256');
  const chunks = zipfText(options);
  let next = chunks.next();
  for (; next.done !== true; next = chunks.next()) hash.update(next.value);
  return { ...next.value, sha256: hash.digest('hex') };
}

/* Sizes and digests were taken from the files that the peer's generator in Java wrote. */
describe('Zipf text', () => {
  it('is, byte for byte, that of the peer', () => {
    expect(digest({ bytes: 100_000, uniqueWords: 1000 })).to.deep.equal({
      bytes: 100_061,
      words: 14_870,
      sha256: '9e244aa7b2e9e21865f87b04e365bdbc97bf3bc6fab5870bfc65a28ebf332cbb',
    });
  });

  it('is so over several chunks', () => {
    expect(digest({ bytes: 3_000_000, uniqueWords: 20_000 })).to.deep.equal({
      bytes: 3_000_038,
      words: 398_290,
      sha256: 'b700b199f030c3b3159a79f51c3fb1191580e8e5ddddf6f02db7f97b6bade352',
    });
  });

  it('is written whole to a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'zipf-text-'));
    try {
      const path = join(directory, 'words.txt');
      const size = await writeZipfText(path, { bytes: 3_000_000, uniqueWords: 20_000 });
      const text = await readFile(path);
      expect(text.length).to.equal(size.bytes);
      expect(createHash('sha256').update(text).digest('hex')).to.equal('b700b199f030c3b3159a79f51c3fb1191580e8e5ddddf6f02db7f97b6bade352');
      expect(await readdir(directory)).to.deep.equal(['words.txt']);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
