import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BlobKey, newJobId, silentLogger } from '#core';
import { BlobCache } from '../../../runtime/blob/blob-cache.js';
import { blobKeyOf, BlobStore } from '../../../runtime/blob/blob-store.js';
import { localiseBundle, ProgramBundles } from '../../../runtime/blob/program-bundles.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { until } from '../../support/until.js';

const BYTES = Buffer.from('some bytes');
const KEY = blobKeyOf(BYTES);

describe('BlobStore', () => {
  const temp = useTempDirectory();
  const clock = new ManualClock();
  const open = (): Promise<BlobStore> => BlobStore.open({ directory: temp.path, cleanupIntervalMs: 5000, clock, logger: silentLogger });

  it('keeps bytes under their SHA-256, in a directory of its own that goes with it', async () => {
    const store = await open();
    expect(readdirSync(temp.path)[0]).to.match(/^blobStore-[0-9a-f-]{36}$/);
    expect(await store.put(BYTES))
      .to.equal(KEY)
      .and.to.match(/^[0-9a-f]{64}$/);
    expect(await store.put(BYTES)).to.equal(KEY);
    expect(readdirSync(store.directory)).to.have.members(['.owner', KEY]);
    expect(Buffer.from(await store.readAll(KEY))).to.deep.equal(BYTES);
    expect(Buffer.from(await store.read(KEY, 5, 100)).toString()).to.equal('bytes');
    await store.close();
    expect(readdirSync(temp.path)).to.be.empty;
  });

  it('removes a blob within two intervals of the end of its last job, and one that nobody ever held', async () => {
    const store = await open();
    const [first, second] = [newJobId(), newJobId()];
    await store.put(BYTES);
    const orphan = await store.put(Buffer.from('orphan'));
    store.hold(KEY, first);
    store.hold(KEY, second);
    clock.advance(12_000);
    expect([store.has(KEY), store.has(orphan)]).to.deep.equal([true, false]);
    store.letGo(first);
    clock.advance(12_000);
    expect(store.has(KEY)).to.be.true;
    store.letGo(second);
    clock.advance(4000);
    expect(existsSync(store.pathOf(KEY))).to.be.true;
    clock.advance(6000);
    await until(() => !existsSync(store.pathOf(KEY)));
    expect(() => {
      store.hold(KEY, first);
    }).to.throw('is not in the blob store');
    await store.close();
  });

  it('removes what a process left that was killed, and nothing else', async () => {
    const [dead, alive, elsewhere, unknown] = ['dead', 'alive', 'elsewhere', 'unknown'].map((name) => join(temp.path, `blobStore-${name}`));
    const { pid } = spawnSync(process.execPath, ['--version']);
    const owners = [
      [dead, hostname(), pid],
      [alive, hostname(), process.ppid],
      [elsewhere, 'another-host', pid],
    ] as const;
    for (const [path, host, owner] of owners) {
      mkdirSync(path!);
      writeFileSync(join(path!, '.owner'), JSON.stringify({ host, pid: owner }));
    }
    mkdirSync(unknown!);
    const store = await open();
    await until(() => !existsSync(dead!));
    expect([alive, elsewhere, unknown, store.directory].every((path) => existsSync(path!))).to.be.true;
    await store.close();
  });

  it('says what is wrong with its directory', async () => {
    const file = join(temp.path, 'file');
    writeFileSync(file, '');
    const failed = await BlobStore.open({ directory: file, cleanupIntervalMs: 1, clock, logger: silentLogger }).catch(
      (error: unknown) => error,
    );
    expect(failed).to.include({ code: 'BLOB_DIRECTORY', blame: 'user' });
  });

  describe('as a cache', () => {
    const source = Buffer.alloc(2500, 'x');
    const key = blobKeyOf(source);
    const chunks = (calls: number[]) => (_key: BlobKey, offset: number) => {
      calls.push(offset);
      return Promise.resolve({ bytes: source.subarray(offset, offset + 1000), sizeBytes: source.length });
    };

    it('fetches a blob once, in pieces, whoever asks', async () => {
      const store = await open();
      const cache = new BlobCache(store, 0, silentLogger);
      const calls: number[] = [];
      await Promise.all([1, 2, 3].map(() => cache.provide(key, newJobId(), chunks(calls))));
      expect(calls).to.deep.equal([0, 1000, 2000]);
      expect(Buffer.from(await store.readAll(key))).to.deep.equal(source);
      await cache.provide(key, newJobId(), () => Promise.reject(new Error('not again')));
      await store.close();
    });

    it('tries again after errors and wrong content, as often as it may', async () => {
      const store = await open();
      const cache = new BlobCache(store, 2, silentLogger);
      let calls = 0;
      await cache.provide(key, newJobId(), (asked, offset) => {
        calls++;
        if (calls === 1) return Promise.reject(new Error('connection lost'));
        if (calls === 2) return Promise.resolve({ bytes: Buffer.from('wrong'), sizeBytes: 5 });
        return chunks([])(asked, offset);
      });
      expect(store.has(key)).to.be.true;
      const failed = await cache.provide(KEY, newJobId(), () => Promise.reject(new Error('gone'))).catch((error: unknown) => error);
      expect(failed).to.include({ code: 'BLOB_FETCH_FAILED', tries: 3 });
      await store.close();
    });
  });

  describe('program bundles', () => {
    it('import this installation, on the same line', () => {
      const rest = 'const c = "flink-ts";\n//# sourceMappingURL=data:…';
      const imports = (from: string): string => `import { a } from ${from};import b from ${from};\n${rest}`;
      const local = imports('"file:///dist/index.js"');
      expect(localiseBundle(imports('"flink-ts:public-entry"'), 'file:///dist/index.js')).to.equal(local);
      expect(localiseBundle(imports("'flink-ts:public-entry'"), 'file:///dist/index.js')).to.equal(local);
    });

    it('lie in a file for each job, which can be imported, and go with the job', async () => {
      const store = await open();
      const entry = `data:text/javascript,${encodeURIComponent('export const answer = 42;')}`;
      const bundles = new ProgramBundles(store, entry);
      const bundle = await store.put(Buffer.from('export { answer } from "flink-ts:public-entry";'));
      const jobId = newJobId();
      const [url, again] = await Promise.all([bundles.localise(bundle, jobId), bundles.localise(bundle, jobId)]);
      expect(again).to.equal(url);
      expect(fileURLToPath(url)).to.equal(join(store.directory, `job_${jobId}`, `${bundle}.mjs`));
      expect(((await import(url)) as { answer: number }).answer).to.equal(42);
      expect(readFileSync(fileURLToPath(url), 'utf8')).to.include(entry);
      await bundles.remove(jobId);
      expect(existsSync(fileURLToPath(url))).to.be.false;
      await bundles.localise(bundle, jobId);
      expect(existsSync(fileURLToPath(url))).to.be.true;
      await store.close();
    });
  });
});
