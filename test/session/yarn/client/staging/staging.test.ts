import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createWriteStream, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Configuration, HadoopConfiguration, parseFlatFile } from '#conf';
import { LocalFileSystem, toFileUri } from '#core';
import { ApplicationStaging } from '../../../../../session/yarn/client/staging/application-staging.js';
import { archiveOf, textArchive } from '../../../../../session/yarn/client/staging/archive.js';
import { shippedConfiguration } from '../../../../../session/yarn/client/staging/configuration-file.js';
import { hadoopFiles } from '../../../../../session/yarn/client/staging/hadoop-files.js';
import { useTempDirectory } from '../../../../support/temp-directory.js';

describe('session/yarn/client/staging', () => {
  const directory = useTempDirectory();

  function unpack(archive: string): string {
    const target = join(directory.path, 'unpacked');
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', archive, '-C', target]);
    return target;
  }

  it('packs files under other names, links as files', async () => {
    const file = join(directory.path, 'a.txt');
    writeFileSync(file, 'text', { mode: 0o755 });
    linkSync(file, join(directory.path, 'hard.txt'));
    symlinkSync(file, join(directory.path, 'soft.txt'));
    const archive = join(directory.path, 'x.tgz');
    const entries = ['a.txt', 'hard.txt', 'soft.txt'].map((name) => ({ source: join(directory.path, name), name: `d/${name}` }));
    await pipeline(archiveOf(entries), createWriteStream(archive));
    const target = unpack(archive);
    for (const { name } of entries) expect(readFileSync(join(target, name), 'utf8')).to.equal('text');
    expect(statSync(join(target, 'd/a.txt')).mode & 0o100).to.equal(0o100);
  });

  it('packs texts', () => {
    const archive = join(directory.path, 'x.tgz');
    const long = 'x'.repeat(1000);
    writeFileSync(
      archive,
      textArchive([
        { name: 'a.xml', text: 'ä' },
        { name: 'b.xml', text: long },
        { name: 'c.xml', text: '' },
      ]),
    );
    const target = unpack(archive);
    expect(['a.xml', 'b.xml', 'c.xml'].map((name) => readFileSync(join(target, name), 'utf8'))).to.deep.equal(['ä', long, '']);
  });

  it('writes a configuration that reads back the same, and says what it cannot hold', () => {
    const values = { 'a.b': 'x: y', c: 'with # in it', d: 'two\nlines', e: '', f: '1' };
    const { text, unwritable } = shippedConfiguration(Configuration.of(values));
    const read = Object.fromEntries(parseFlatFile(text, 'f').entries.map(({ key, value }) => [key, value]));
    expect(read).to.deep.equal({ 'a.b': 'x: y', f: '1' });
    expect(unwritable).to.deep.equal({ c: 'with # in it', d: 'two\nlines' });
  });

  it("writes Hadoop's settings as they were seen, and final", async () => {
    const given = { 'fs.defaultFS': 'hdfs://ns1', 'dfs.nameservices': 'ns1', 'yarn.x': '<a> & "b"', 'dfs.dir': '${hadoop.tmp.dir}/d' };
    const seen = new HadoopConfiguration([
      ...Object.entries(given).map(([name, value]) => ({ name, value, final: false, file: 'f' })),
      { name: 'hadoop.tmp.dir', value: '/t', final: false, file: 'f' },
    ]);
    const files = hadoopFiles(seen);
    for (const [name, text] of files) writeFileSync(join(directory.path, name), text);
    const read = await HadoopConfiguration.read([...files.keys()].map((name) => join(directory.path, name)));
    for (const name of Object.keys(given)) expect(read.get(name)).to.equal(seen.get(name));
    expect(read.fileOf('dfs.dir')).to.match(/hdfs-site\.xml$/);
    expect(files.get('core-site.xml')).to.include('<final>true</final>');
  });

  it('stages an application in a directory of the user alone, and what all share beside it, once', async () => {
    const home = toFileUri(directory.path);
    const fileSystem = new LocalFileSystem();
    const first = new ApplicationStaging({ fileSystem, home }, 'application_1_0001');
    await first.create();
    expect(statSync(join(directory.path, '.flink/application_1_0001')).mode & 0o777).to.equal(0o700);
    const runtime = await first.runtime();
    expect(runtime).to.include({ name: 'flink-ts', type: 'ARCHIVE', visibility: 'PRIVATE' });
    const second = new ApplicationStaging({ fileSystem, home }, 'application_1_0002');
    await second.create();
    expect(await second.runtime()).to.deep.equal(runtime);
    expect(readdirSync(join(directory.path, '.flink/cache')))
      .to.have.length(2)
      .and.to.include('used');
    const text = await first.text('x.txt', 'äx');
    expect(text).to.include({ size: 3, uri: `${home}/.flink/application_1_0001/x.txt`, visibility: 'APPLICATION' });
    await first.remove();
    expect(readdirSync(join(directory.path, '.flink')).sort()).to.deep.equal(['application_1_0002', 'cache']);
  });

  it('ships a directory with what is in it, and a file as it is', async () => {
    const ship = join(directory.path, 'ship');
    mkdirSync(join(ship, 'deep'), { recursive: true });
    writeFileSync(join(ship, 'deep', 'f.txt'), 'shipped');
    const staging = new ApplicationStaging({ fileSystem: new LocalFileSystem(), home: toFileUri(directory.path) }, 'application_1_0001');
    await staging.create();
    const resource = await staging.ship(ship);
    expect(resource).to.include({ name: 'ship', type: 'ARCHIVE' });
    const target = unpack(join(directory.path, '.flink/application_1_0001/ship.tgz'));
    expect(readFileSync(join(target, 'deep/f.txt'), 'utf8')).to.equal('shipped');
    expect(await staging.ship(join(ship, 'deep', 'f.txt'))).to.include({ name: 'f.txt', type: 'FILE', size: 7 });
  });
});
