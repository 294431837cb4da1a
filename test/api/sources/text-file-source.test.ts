import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { FileNotFoundError } from '#core';
import { TextFileSource, UnsupportedCompressionError, type TextFileOptions } from '#api';
import { runSource, startSource, type SourceDriverOptions } from '../../support/source-driver.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('TextFileSource', () => {
  const directory = useTempDirectory();
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(directory.path, name);
    writeFileSync(path, content);
    return path;
  };
  const read = async (path: string, options?: SourceDriverOptions, file?: TextFileOptions): Promise<string[]> =>
    (await runSource(new TextFileSource(path, file), options)).flat();

  it('reads lines whatever ends them', async () => {
    expect(await read(write('a', 'one\ntwo\r\n\nthree\rstill three\n\r\nlast'))).to.deep.equal([
      'one',
      'two',
      '',
      'three\rstill three',
      '',
      'last',
    ]);
  });

  it('reads nothing from an empty file, and an empty line from a line break', async () => {
    expect(await read(write('empty', ''))).to.deep.equal([]);
    expect(await read(write('break', '\n'))).to.deep.equal(['']);
  });

  it('leaves out a byte order mark, at the beginning only', async () => {
    expect(await read(write('bom', '\ufeffone\n\ufefftwo\n'))).to.deep.equal(['one', '\ufefftwo']);
  });

  it('keeps characters whole that lie across buffers and splits', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i} ${'äöü€😀'.repeat(1 + (i % 7))}`);
    const path = write('utf8', lines.join('\n'));
    for (const parallelism of [1, 3]) {
      const found = await read(path, { parallelism });
      expect(found.length).to.equal(lines.length);
      expect([...found].sort()).to.deep.equal([...lines].sort());
    }
  });

  it('reads Latin 1 when told so', async () => {
    expect(await read(write('latin1', Buffer.from('gr\u00fc\u00df\n', 'latin1')), {}, { charset: 'ISO-8859-1' })).to.deep.equal([
      'gr\u00fc\u00df',
    ]);
  });

  it('replaces bytes that are not UTF-8 and reads on', async () => {
    const bytes = Buffer.concat([Buffer.from('a'), Buffer.from([0xff, 0xfe]), Buffer.from('b\nnext\n')]);
    expect(await read(write('invalid', bytes))).to.deep.equal(['a\ufffd\ufffdb', 'next']);
  });

  it('reads lines that are longer than its buffers', async () => {
    const long = 'x'.repeat(1_500_000);
    expect(await read(write('long', `a\n${long}\nb\n${long}`))).to.deep.equal(['a', long, 'b', long]);
  });

  it('gives every line to one reader, in the order of the file', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `line ${i}`);
    const path = write('large', `${lines.join('\n')}\n`);
    const parts = await runSource(new TextFileSource(path), { parallelism: 2, maxRecords: 777 });
    expect(parts.flat().length).to.equal(lines.length);
    for (const part of parts) {
      const numbers = part.map((line) => Number(line.slice(5)));
      expect(numbers.every((number, i) => i === 0 || number > numbers[i - 1]!)).to.equal(true);
    }
    expect(new Set(parts.flat()).size).to.equal(lines.length);
  });

  it('stops in the middle of a poll when the output is blocked', async () => {
    const path = write('blocked', Array.from({ length: 100 }, (_, i) => `${i}\r\n`).join(''));
    expect(await read(path, { blockAfter: 3 })).to.deep.equal(Array.from({ length: 100 }, (_, i) => String(i)));
  });

  it('reads the files of a directory but hidden ones', async () => {
    write('b.txt', 'b\n');
    write('a.txt', 'a');
    write('_SUCCESS', 'hidden');
    write('.crc', 'hidden');
    mkdirSync(join(directory.path, 'deeper'));
    write('deeper/c.txt', 'c');
    expect(await read(directory.path)).to.deep.equal(['a', 'b']);
    expect(await read(directory.path, {}, { recursive: true })).to.deep.equal(['a', 'b', 'c']);
  });

  it('reads compressed files whole', async () => {
    const text = Array.from({ length: 100_000 }, (_, i) => `line ${i} €`).join('\n');
    write('a.gz', gzipSync(text));
    write('b.deflate', deflateSync('deflated\n'));
    const lines = await read(directory.path, { parallelism: 4 });
    expect(lines.length).to.equal(100_001);
    expect(lines).to.include('line 99999 €').and.to.include('deflated');
  });

  it('fails for compressed files it cannot read, and for damaged ones', async () => {
    const error = await read(write('a.bz2', 'BZh')).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(UnsupportedCompressionError);
    const damaged = await read(write('b.gz', gzipSync('text').subarray(0, 12))).catch((failure: unknown) => failure);
    expect(damaged)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/unexpected end of file/);
  });

  it('says where the job is submitted, and to its enumerator, that the path is missing', async () => {
    const source = new TextFileSource(join(directory.path, 'nothing'));
    for (const attempt of [() => source.validate(), () => runSource(source)]) {
      expect(
        await attempt().then(
          () => undefined,
          (error: unknown) => error,
        ),
      ).to.be.instanceOf(FileNotFoundError);
    }
  });

  it('reads the path of the submission, not that of its own working directory', async () => {
    const submitted = new TextFileSource(write('there', 'there\n'));
    const replayed = new TextFileSource('here');
    replayed.adoptShipped(submitted.shipped());
    expect((await runSource(replayed)).flat()).to.deep.equal(['there']);
  });

  it('goes on where a snapshot was taken', async () => {
    const invalid = Buffer.concat([Buffer.from([0xff]), Buffer.from('€ 0\r\n')]);
    const rest = Array.from({ length: 90_000 }, (_, i) => `€ ${i + 1}\r\n`).join('');
    const plain = write('plain', Buffer.concat([invalid, Buffer.from(rest)]));
    const compressed = write('compressed.gz', gzipSync(rest));
    for (const path of [plain, compressed]) {
      const all = await read(path);
      for (const stop of [1, 1500, all.length]) {
        const [subtask] = await startSource(new TextFileSource(path), { maxRecords: 100 });
        await subtask!.until(() => subtask!.records.length >= stop);
        const restored = subtask!.reader.snapshot!();
        const before = [...subtask!.records];
        await subtask!.reader.close!();
        expect([...before, ...(await read(path, { restored }))]).to.deep.equal(all);
      }
    }
  });

  it('can be closed at any time', async () => {
    const path = write('closed', 'line\n'.repeat(1_000_000));
    for (const polls of [0, 1, 5]) {
      const [subtask] = await startSource(new TextFileSource(path));
      for (let i = 0; i < polls; i++) await subtask!.step();
      await subtask!.reader.close!();
    }
  });
});
