import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { LsmStore } from '../../../../runtime/state/lsm/lsm-store.js';
import { Run } from '../../../../runtime/state/lsm/run.js';
import { SortedFile } from '../../../../runtime/state/lsm/sorted-file.js';
import { localStoreFiles } from '../../../../runtime/state/lsm/store-files.js';
import type { StoreSnapshot } from '../../../../runtime/state/lsm/store-snapshot.js';
import { get, put, scanned, StoreBench } from './store-bench.js';

type Twin = Map<string, string>;

type Step =
  | { readonly do: 'put'; readonly key: string; readonly size: number; readonly fill: string }
  | { readonly do: 'delete' | 'get' | 'scan' | 'group'; readonly key: string }
  | { readonly do: 'many'; readonly from: number; readonly count: number; readonly size: number }
  | { readonly do: 'work'; readonly bytes: number }
  | { readonly do: 'snapshot' | 'reopen' };

const keyOf = fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', '\u00ff'), minLength: 0, maxLength: 5 });
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put'), key: keyOf, size: fc.nat(40), fill: fc.constantFrom('x', 'y') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('put'), key: keyOf, size: fc.integer({ min: 500, max: 9000 }), fill: fc.constant('L') }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('delete', 'get', 'scan', 'group'), key: keyOf }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('many'), from: fc.nat(300), count: fc.nat(200), size: fc.nat(300) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('work'), bytes: fc.nat(60_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('snapshot', 'reopen') }) },
);

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

function entriesOf(twin: Twin, prefix: string): [string, string][] {
  const entries = [...twin].filter(([key]) => key.startsWith(prefix));
  return entries.sort(([a], [b]) => Buffer.compare(bytesOf(a), bytesOf(b)));
}

/** Opens the files of a snapshot once more, as a restore would. */
function opened(snapshot: StoreSnapshot): Run[] {
  return snapshot.runs.map((run) => new Run(run.files.map(({ id, path }) => SortedFile.open(localStoreFiles, id, path))));
}

function written(store: LsmStore): StoreSnapshot {
  const snapshot = store.snapshot();
  while (!snapshot.written) store.workOnFlush(1000);
  return snapshot;
}

class TwinTest {
  readonly #bench = new StoreBench();
  readonly #twin: Twin = new Map();
  #store = this.#bench.open();
  readonly #taken: { readonly snapshot: StoreSnapshot; readonly content: Twin }[] = [];

  run(steps: readonly Step[]): void {
    try {
      for (const step of steps) this.#step(step);
      expect(scanned(this.#store, bytesOf(''))).to.deep.equal(entriesOf(this.#twin, ''));
      for (const { snapshot, content } of this.#taken) this.#checkSnapshot(snapshot, content);
    } finally {
      this.#bench.remove();
    }
  }

  #step(step: Step): void {
    switch (step.do) {
      case 'put':
        this.#put(step.key, step.fill.repeat(step.size));
        return;
      case 'many':
        for (let i = 0; i < step.count; i++) this.#put(String(step.from + i), 'm'.repeat(step.size));
        return;
      case 'delete':
        this.#store.delete(bytesOf(step.key));
        this.#twin.delete(step.key);
        return;
      case 'get':
        expect(get(this.#store, bytesOf(step.key))).to.equal(this.#twin.get(step.key));
        return;
      case 'scan':
        expect(scanned(this.#store, bytesOf(step.key))).to.deep.equal(entriesOf(this.#twin, step.key));
        return;
      case 'group':
        this.#scanGroup(step.key.slice(0, 2));
        return;
      case 'work':
        this.#store.work(step.bytes);
        return;
      case 'snapshot':
        this.#taken.push({ snapshot: this.#store.snapshot(), content: new Map(this.#twin) });
        return;
      case 'reopen':
        this.#reopen();
    }
  }

  #put(key: string, value: string): void {
    put(this.#store, bytesOf(key), bytesOf(value));
    this.#twin.set(key, value);
  }

  #scanGroup(group: string): void {
    if (group.length < 2) return;
    // The key that is just the group's name is not in the group.
    const expected = entriesOf(this.#twin, group).filter(([key]) => key !== group);
    expect(scanned(this.#store, bytesOf(group), true).filter(([key]) => key !== group)).to.deep.equal(expected);
  }

  /** Snapshots are those of the store that is given up: the next one does not know who needs their files. */
  #reopen(): void {
    const store = this.#store;
    for (const { snapshot, content } of this.#taken.splice(0)) this.#checkSnapshot(snapshot, content);
    const runs = opened(written(store));
    this.#store = this.#bench.open(4096, runs);
  }

  #checkSnapshot(snapshot: StoreSnapshot, content: Twin): void {
    while (!snapshot.written) this.#store.workOnFlush(10_000);
    const again = this.#bench.open(4096, opened(snapshot));
    expect(scanned(again, bytesOf(''))).to.deep.equal(entriesOf(content, ''));
    for (const key of content.keys()) expect(get(again, bytesOf(key))).to.equal(content.get(key));
  }
}

describe('LSM store', () => {
  it('holds what a sorted map holds, whatever is done in whatever order', () => {
    const property = fc.property(fc.array(stepOf, { maxLength: 120 }), (steps) => new TwinTest().run(steps));
    fc.assert(property, { numRuns: 150 });
  }).timeout(60_000);

  it('keeps its files few and its bytes near what is live while all is overwritten again and again', () => {
    const bench = new StoreBench();
    const store = bench.open(32 * 1024);
    const value = Buffer.alloc(100, 'v');
    let most = 0;
    for (let i = 0; i < 100_000; i++) {
      put(store, bytesOf(String((i * 7919) % 5000)), value);
      most = Math.max(most, store.runs.length);
    }
    expect(most).to.be.below(40);
    expect(store.fileBytes.live).to.be.below(3 * 5000 * 120);
    expect(scanned(store, bytesOf(''))).to.have.length(5000);
    bench.remove();
  });

  it('goes on behind the last key when a scan is interrupted by writing and compaction', () => {
    const bench = new StoreBench();
    const store = bench.open();
    for (let i = 0; i < 2000; i++) put(store, bytesOf(`k${String(i).padStart(5, '0')}`), bytesOf('old'));
    const seen: string[] = [];
    for (const cursor = store.scan(bytesOf('k')); cursor.next();) {
      const { bytes, keyStart, keyEnd } = cursor.entry;
      seen.push(Buffer.from(bytes.subarray(keyStart, keyEnd)).toString());
      for (let i = 0; i < 3; i++) put(store, bytesOf(`x${seen.length}.${i}`), Buffer.alloc(50));
    }
    expect(seen).to.deep.equal(Array.from({ length: 2000 }, (_, i) => `k${String(i).padStart(5, '0')}`));
    bench.remove();
  });

  it('finds the entries of a group without reading files that have none of it', () => {
    const bench = new StoreBench();
    const store = bench.open();
    for (let i = 0; i < 3000; i++) put(store, bytesOf(`${String.fromCharCode(97 + (i % 26))}${i % 7}${i}`), bytesOf(String(i)));
    expect(scanned(store, bytesOf('b1'), true).map(([, value]) => Number(value))).to.have.members(
      Array.from({ length: 3000 }, (_, i) => i).filter((i) => i % 26 === 1 && i % 7 === 1),
    );
    expect(scanned(store, bytesOf('b9'), true)).to.deep.equal([]);
    bench.remove();
  });

  it('keeps the files of a snapshot until it is released', async () => {
    const bench = new StoreBench();
    const store = bench.open();
    for (let i = 0; i < 500; i++) put(store, bytesOf(`k${i}`), Buffer.alloc(30));
    const snapshot = written(store);
    const names = snapshot.runs.flatMap((run) => run.files.map(({ id }) => `${id}.segment`));
    for (let i = 0; i < 20_000; i++) put(store, bytesOf(`k${i % 500}`), Buffer.alloc(31));
    expect(readdirSync(bench.directory)).to.include.members(names);
    expect(store.runs.some((run) => run.files.some(({ id }) => names.includes(`${id}.segment`)))).to.equal(false);
    snapshot.release();
    store.close();
    while (readdirSync(bench.directory).length > 0) await new Promise(setImmediate);
    bench.remove();
  });
});
