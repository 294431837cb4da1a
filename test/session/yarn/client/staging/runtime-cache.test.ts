import { expect } from 'chai';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LocalFileSystem, toFileUri } from '#core';
import { RuntimeCache } from '../../../../../session/yarn/client/staging/runtime-cache.js';
import { Uploads } from '../../../../../session/yarn/client/staging/uploads.js';
import { useTempDirectory } from '../../../../support/temp-directory.js';

const DAY_MS = 24 * 3600 * 1000;

describe('session/yarn/client/staging/runtime-cache', () => {
  const directory = useTempDirectory();
  const fileSystem = new LocalFileSystem();
  const uploads = new Uploads(fileSystem, undefined, new AbortController().signal);
  const at = (...names: string[]): string => join(directory.path, ...names);
  const application = (id: string): string => toFileUri(at(`application_${id}`));
  const content = (): Readable => Readable.from([Buffer.from('content')]);

  function cache(provided: readonly string[] = []): RuntimeCache {
    mkdirSync(at('cache'), { recursive: true });
    const directories = provided.map((path) => ({ fileSystem, path: toFileUri(path) }));
    return new RuntimeCache(fileSystem, uploads, toFileUri(directory.path), directories);
  }

  /** As if that many days had gone by since. */
  function age(days: number, ...names: string[]): void {
    const seconds = (Date.now() - days * DAY_MS) / 1000;
    utimesSync(at(...names), seconds, seconds);
  }

  const cached = (): readonly string[] => readdirSync(at('cache')).filter((name) => name !== 'used');

  it('writes a file once, and notes its use without touching its timestamp', async () => {
    const first = await cache().file('a', application('1_1'), content);
    age(40, 'cache', 'a');
    age(40, 'cache', 'used', 'a');
    const second = await cache().file('a', application('1_2'), () => expect.fail('it is there'));
    expect(second.path).to.equal(first.path);
    await cache().removeUnused();
    expect(cached()).to.deep.equal(['a']);
    const { status } = await cache().file('a', application('1_2'), content);
    expect(status.modifiedMs)
      .to.equal(second.status.modifiedMs)
      .and.to.be.lessThan(Date.now() - 39 * DAY_MS);
  });

  it('removes with the next upload what was not used for 30 days, save what an application names that is there', async () => {
    for (const name of ['old', 'named', 'young']) await cache().file(name, application(name), content);
    writeFileSync(at('cache', 'x.part'), '');
    for (const name of ['old', 'named']) age(31, 'cache', 'used', name);
    age(29, 'cache', 'used', 'young');
    for (const name of ['old', 'named', 'young', 'x.part']) age(50, 'cache', name);
    for (const name of ['old', 'young']) await fileSystem.delete(application(name), { recursive: true });
    await cache().file('new', application('2_1'), content);
    expect(cached()).to.have.members(['named', 'young', 'new']);
    expect(readdirSync(at('cache', 'used'))).to.have.members(['named', 'young', 'new']);
  });

  it('takes what a provided directory has, and writes nothing', async () => {
    mkdirSync(at('apps'));
    writeFileSync(at('apps', 'a'), 'provided');
    const { path } = await cache([at('nowhere'), at('apps')]).file('a', application('1_1'), () => expect.fail('it is provided'));
    expect(path).to.equal(toFileUri(at('apps', 'a')));
    expect(readdirSync(directory.path)).to.have.members(['apps', 'cache']);
    expect((await cache([at('nowhere')]).file('a', application('1_1'), content)).path).to.equal(toFileUri(at('cache', 'a')));
  });
});
