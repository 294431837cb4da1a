import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync, readdirSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystems, fromFileUri, toFileUri } from '#core';
import { FileSnapshotReader } from '../../../../runtime/checkpoint/storage/file-snapshot-reader.js';
import { snapshotStorageOf } from '../../../../runtime/checkpoint/storage/snapshot-storage-of.js';
import type { SnapshotStorage } from '../../../../runtime/state/snapshot-storage.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('snapshot streams', () => {
  const temp = useTempDirectory();

  function storage(memoryThresholdBytes = 10): SnapshotStorage {
    const directory = (name: string): string => toFileUri(join(temp.path, name));
    return snapshotStorageOf(
      { exclusiveDirectory: directory('chk-1'), sharedDirectory: directory('shared'), memoryThresholdBytes },
      fileSystems,
    );
  }

  it('give back what was written, whatever its pieces, inline up to the threshold', async () => {
    const reader = new FileSnapshotReader(fileSystems);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat({ max: 30 }), fc.constant(300_000)), { maxLength: 6 }),
        fc.nat({ max: 50 }),
        async (sizes, threshold) => {
          const stream = storage(threshold).createStream('exclusive');
          const all: Buffer[] = [];
          for (const [index, size] of sizes.entries()) {
            expect(stream.position).to.equal(Buffer.concat(all).length);
            all.push(Buffer.alloc(size, index + 1));
            const wait = stream.write(Uint8Array.from(all.at(-1)!));
            if (index % 2 === 0) await wait;
          }
          const expected = Buffer.concat(all);
          const handle = await stream.close();
          expect(handle.kind).to.equal(expected.length <= threshold ? 'inline' : 'file');
          const from = Math.floor(expected.length / 3);
          expect(Buffer.from(await reader.read(handle, 0, expected.length)).equals(expected)).to.be.true;
          expect(Buffer.from(await reader.read(handle, from, expected.length)).equals(expected.subarray(from))).to.be.true;
        },
      ),
      { numRuns: 20 },
    );
    await reader.close();
  });

  it('lie in the directory of their scope, under names of their own', async () => {
    for (const scope of ['exclusive', 'shared', 'shared'] as const) {
      const stream = storage().createStream(scope);
      void stream.write(new Uint8Array(20));
      await stream.close();
    }
    expect(readdirSync(join(temp.path, 'chk-1'))).to.have.length(1);
    expect(readdirSync(join(temp.path, 'shared'))).to.have.length(2);
  });

  it('leave nothing behind when they are given up, however far they came', async () => {
    for (const sizes of [[], [5], [20], [400_000, 400_000]]) {
      const stream = storage().createStream('exclusive');
      for (const size of sizes) void stream.write(new Uint8Array(size));
      await stream.abort();
    }
    const directory = join(temp.path, 'chk-1');
    expect(existsSync(directory) ? readdirSync(directory) : []).to.be.empty;
  });

  it('without directories keep everything inline, and name the limit, the size and what to set', async () => {
    const kept = snapshotStorageOf({ exclusiveDirectory: '', sharedDirectory: '', memoryThresholdBytes: 10 }, fileSystems);
    const small = kept.createStream('shared');
    void small.write(Uint8Array.of(1, 2));
    expect(await small.close()).to.deep.equal({ kind: 'inline', bytes: Uint8Array.of(1, 2) });
    const large = kept.createStream('shared');
    void large.write(new Uint8Array(8));
    void large.write(new Uint8Array(8));
    const error: unknown = await large.close().catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'STATE_TOO_LARGE', sizeBytes: 16, limitBytes: 10 });
    expect((error as Error).message).to.contain('Size=16, maxSize=10');
  });

  it('that were shortened or deleted are told as damaged, by their path', async () => {
    const reader = new FileSnapshotReader(fileSystems);
    for (const damage of [
      (path: string) => {
        truncateSync(path, 7);
      },
      unlinkSync,
    ]) {
      const stream = storage().createStream('exclusive');
      void stream.write(new Uint8Array(20));
      const handle = await stream.close();
      const path = handle.kind === 'file' ? handle.path : '';
      damage(fromFileUri(path));
      const error: unknown = await reader.read(handle, 0, 20).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'SNAPSHOT_DAMAGED', path });
    }
    await reader.close();
  });

  it('are read with few files open, many at a time', async () => {
    const reader = new FileSnapshotReader(fileSystems);
    const handles = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const stream = storage().createStream('shared');
        void stream.write(new Uint8Array(20).fill(index));
        return await stream.close();
      }),
    );
    const read = await Promise.all([...handles, ...handles].map((handle) => reader.read(handle, 19, 20)));
    expect(read.map(([byte]) => byte)).to.deep.equal([...Array(40).keys(), ...Array(40).keys()]);
    await reader.close();
  });
});
