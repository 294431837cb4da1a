import { expect } from 'chai';
import fc from 'fast-check';
import type { ByteSource } from '../../../api/sources/byte-source.js';
import { ChunkBuffer, LineChunker } from '../../../api/sources/line-chunker.js';

/** Bytes in memory, handed out in pieces of at most `most`. */
class MemoryBytes implements ByteSource {
  constructor(
    readonly bytes: Buffer,
    readonly most: number,
    public position: number,
  ) {}

  read(target: Uint8Array, offset: number, length: number): Promise<number> {
    const piece = this.bytes.subarray(this.position, this.position + Math.min(length, this.most));
    target.set(piece, offset);
    this.position += piece.length;
    return Promise.resolve(piece.length);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function linesOf(bytes: Buffer, startByte: number, endByte: number, bufferBytes: number, most: number): Promise<string[]> {
  const from = Math.max(0, startByte - 1);
  const range = { path: 'memory', startByte: from, endByte, skipFirstLine: startByte > 0 };
  const chunker = new LineChunker(new MemoryBytes(bytes, most, from), range);
  const lines: string[] = [];
  for (let chunk = await chunker.next(new ChunkBuffer(bufferBytes)); chunk; chunk = await chunker.next(new ChunkBuffer(bufferBytes))) {
    const text = chunk.buffer.bytes.toString('latin1', chunk.from, chunk.to);
    expect(bytes.toString('latin1', chunk.startByte, chunk.startByte + text.length - 1)).to.equal(text.slice(0, -1));
    lines.push(...text.split('\n').slice(0, -1));
  }
  return lines;
}

describe('LineChunker', () => {
  it('gives each line to one split, however the bytes are cut', async () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n', '\n\n', 'long line '), { maxLength: 60 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.nat(120), { maxLength: 4 }),
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (content, cuts, bufferBytes, most) => {
          const bytes = Buffer.from(content);
          const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b), bytes.length];
          const lines: string[] = [];
          for (let i = 1; i < borders.length; i++) lines.push(...(await linesOf(bytes, borders[i - 1]!, borders[i]!, bufferBytes, most)));
          const expected = content.endsWith('\n') || content === '' ? content.split('\n').slice(0, -1) : content.split('\n');
          expect(lines).to.deep.equal(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads not much further than its split', async () => {
    const source = new MemoryBytes(Buffer.from('0123456789\n'.repeat(100_000)), 1 << 20, 0);
    const chunker = new LineChunker(source, { path: 'memory', startByte: 0, endByte: 1000, skipFirstLine: false });
    const chunk = await chunker.next(new ChunkBuffer(1 << 19));
    expect(chunk?.to).to.equal(1001);
    expect(source.position).to.be.lessThan(20_000);
    expect(await chunker.next(new ChunkBuffer(1 << 19))).to.equal(undefined);
  });
});
