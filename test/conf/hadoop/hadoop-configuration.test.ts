import { join } from 'node:path';
import { expect } from 'chai';
import { HadoopConfiguration, readHadoopFile, type ExpansionSources } from '#conf';
import { failureOf, withFiles, type Files } from '../temporary-directory.js';

function property(name: string, value: string, final = false): string {
  return `<property><name>${name}</name><value>${value}</value>${final ? '<final>true</final>' : ''}</property>`;
}

function document(...parts: readonly string[]): string {
  return `<?xml version="1.0"?>\n<configuration xmlns:xi="http://www.w3.org/2001/XInclude">\n${parts.join('\n')}\n</configuration>`;
}

async function readFiles(
  files: Files,
  names: readonly string[] = Object.keys(files),
  sources: ExpansionSources = {},
): Promise<HadoopConfiguration> {
  return withFiles(files, (directory) =>
    HadoopConfiguration.read(
      names.map((name) => join(directory, name)),
      sources,
    ),
  );
}

describe('Hadoop files', () => {
  it('are lists of properties, spelled out or as attributes', async () => {
    const configuration = await readFiles({
      'a.xml': document(
        '<!-- x -->',
        property('a', ' 1\n'),
        '<property name="b" value="2" final="true"/>',
        property('c', 'x &lt; y&#65;'),
        property('d', '<![CDATA[<raw>]]>'),
        '<property><name>no.value</name></property>',
        property('empty', ''),
        property('n', '007'),
      ),
    });
    expect([...configuration.names()].map((name) => [name, configuration.get(name)])).to.deep.equal([
      ['a', '1'],
      ['b', '2'],
      ['c', 'x < yA'],
      ['d', '<raw>'],
      ['empty', ''],
      ['n', '007'],
    ]);
    expect(configuration.get('missing')).to.equal(undefined);
  });

  it('override earlier ones, save what is final', async () => {
    const configuration = await readFiles({
      '1.xml': document(property('a', '1'), property('b', '1', true), property('c', '1', true)),
      '2.xml': document(property('a', '2'), property('b', '2'), property('c', '1')),
    });
    expect([configuration.get('a'), configuration.get('b')]).to.deep.equal(['2', '1']);
    expect(configuration.fileOf('a')).to.match(/2\.xml$/);
    expect(configuration.warnings.map(({ kind, key }) => [kind, key])).to.deep.equal([['final-property', 'b']]);
    expect(configuration.warnings[0]?.message).to.match(/2\.xml: "b" is not taken, because .*1\.xml declares it final/);
  });

  it('include others, in document order and relative to themselves', async () => {
    const configuration = await readFiles(
      {
        'a.xml': document(property('x', 'before'), property('y', 'before'), '<xi:include href="sub/b.xml"/>', property('y', 'after')),
        'sub/b.xml': document(property('x', 'b'), property('y', 'b'), '<xi:include href="c.xml"></xi:include>'),
        'sub/c.xml': document(property('z', 'c')),
      },
      ['a.xml'],
    );
    expect(['x', 'y', 'z'].map((name) => configuration.get(name))).to.deep.equal(['b', 'after', 'c']);
  });

  it('fall back where an included file is missing, and fail without a fallback', async () => {
    const fallback = `<xi:include href="missing.xml"><xi:fallback>${property('x', 'fallback')}</xi:fallback></xi:include>`;
    expect((await readFiles({ 'a.xml': document(fallback) })).get('x')).to.equal('fallback');
    const failure = await failureOf(() => readFiles({ 'a.xml': document('<xi:include href="missing.xml"/>') }));
    expect(failure.message).to.match(/a\.xml: includes ".*missing\.xml", which does not exist/);
  });

  it('fail when they include themselves, are malformed, or are something else', async () => {
    const circle = { 'a.xml': document('<xi:include href="b.xml"/>'), 'b.xml': document('<xi:include href="a.xml"/>') };
    expect((await failureOf(() => readFiles(circle))).message).to.contain('includes itself');
    expect((await failureOf(() => readFiles({ 'a.xml': '<configuration>\n<property>\n</configuration>' }))).message).to.match(
      /a\.xml:\d: not valid XML/,
    );
    expect((await failureOf(() => readFiles({ 'a.xml': '<html/>' }))).message).to.contain('"<configuration>"');
    expect((await failureOf(() => readFiles({ 'a.xml': document('<xi:include href="http://x/y.xml"/>') }))).message).to.contain(
      'only files',
    );
    expect((await failureOf(() => readHadoopFile('/missing/core-site.xml'))).message).to.contain('does not exist');
  });
});

describe('variables in Hadoop files', () => {
  const systemProperties = { 'user.name': 'ann' };
  const environment = { HOST: 'h1', EMPTY: '' };

  async function expand(value: string, ...others: readonly string[]): Promise<string | undefined> {
    return (await readFiles({ 'a.xml': document(property('v', value), ...others) }, ['a.xml'], { systemProperties, environment })).get('v');
  }

  it('are other properties, also nested ones, then those of the system', async () => {
    expect(await expand('${dir}/x', property('dir', '/data/${user.name}'))).to.equal('/data/ann/x');
    expect(await expand('${user.name}', property('user.name', 'bob'))).to.equal('ann');
  });

  it('are taken from the environment, with defaults', async () => {
    expect(await expand('${env.HOST}:${env.PORT-1}:${env.EMPTY:-2}:${env.EMPTY-3}')).to.equal('h1:1:2:');
  });

  it('stay as written when they are unknown, and are used after being overridden', async () => {
    expect(await expand('a${unknown}b')).to.equal('a${unknown}b');
    expect(await expand('${x}', property('x', '1'), property('x', '2'))).to.equal('2');
  });

  it('do not go round in circles', async () => {
    expect((await failureOf(() => expand('${w}', property('w', '${v}')))).message).to.contain('nested more than 20 deep');
  });
});

describe('Hadoop settings', () => {
  it('are found under their old names', async () => {
    const configuration = await readFiles({ 'core-site.xml': document(property('fs.default.name', 'hdfs://nn:9000')) });
    expect([configuration.get('fs.defaultFS'), configuration.get('fs.default.name')]).to.deep.equal(['hdfs://nn:9000', 'hdfs://nn:9000']);
  });

  it('are lists and switches too', async () => {
    const configuration = await readFiles({ 'a.xml': document(property('l', 'a,\n b ,'), property('t', 'TRUE'), property('o', 'maybe')) });
    expect(configuration.getList('l')).to.deep.equal(['a', 'b']);
    expect(['t', 'o', 'missing'].map((name) => configuration.getBoolean(name, false))).to.deep.equal([true, false, false]);
  });
});
