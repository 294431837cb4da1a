import { expect } from 'chai';
import fc from 'fast-check';
import { parseFlatFile } from '#conf';

function valuesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(parseFlatFile(text, 'flink-conf.yaml').entries.map(({ key, value }) => [key, value]));
}

describe('flink-conf.yaml', () => {
  it('separates at the first colon with a blank, so that values may contain colons', () => {
    expect(valuesOf('fs.default-scheme: hdfs://nn:9000/\na: b: c')).to.deep.equal({ 'fs.default-scheme': 'hdfs://nn:9000/', a: 'b: c' });
  });

  it('takes everything from a number sign on for a comment, also inside a value', () => {
    expect(valuesOf('# all\na: 1 # one\nb: x#y\n  # more')).to.deep.equal({ a: '1', b: 'x' });
  });

  it('is not YAML: quotes and brackets are part of the value', () => {
    expect(valuesOf('a: "x"\nb: [1, 2]')).to.deep.equal({ a: '"x"', b: '[1, 2]' });
  });

  it('skips broken lines with a warning that names file and line, and does not repeat what they say', () => {
    const { entries, warnings } = parseFlatFile('a: 1\nbroken line\nkey:value\nempty: \n: x\nb: 2', '/conf/flink-conf.yaml');
    expect(entries.map(({ key }) => key)).to.deep.equal(['a', 'b']);
    expect(warnings.map(({ kind, line }) => [kind, line])).to.deep.equal([2, 3, 4, 5].map((line) => ['broken-line', line]));
    expect(warnings[0]?.message)
      .to.match(/^\/conf\/flink-conf\.yaml:2: /)
      .and.not.to.contain('broken line');
  });

  it('knows the line of every key', () => {
    const { entries } = parseFlatFile('\n\na: 1\r\nb: 2\r\n', 'f');
    expect(entries.map(({ origin }) => origin)).to.deep.equal([
      { layer: 'conf-file', file: 'f', line: 3 },
      { layer: 'conf-file', file: 'f', line: 4 },
    ]);
  });

  it('lets the last of repeated keys count, and says so', () => {
    const { entries, warnings } = parseFlatFile('a: 1\na: 2', 'f');
    expect(entries.map(({ value }) => value)).to.deep.equal(['2']);
    expect(warnings.map(({ kind, line }) => [kind, line])).to.deep.equal([['repeated-key', 2]]);
  });

  it('never fails, and accounts for every line', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z :#."\t-]{0,20}$/)), (lines) => {
        const { entries, warnings } = parseFlatFile(lines.join('\n'), 'f');
        const empty = lines.filter((line) => (line.split('#')[0] ?? '').trim() === '').length;
        expect(entries.length + warnings.length).to.equal(lines.length - empty);
      }),
      { numRuns: 50 },
    );
  });
});
