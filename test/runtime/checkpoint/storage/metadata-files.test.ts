import { expect } from 'chai';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystems, joinPath, SeededRandom, toFileUri } from '#core';
import { encodeMetadata } from '../../../../runtime/checkpoint/metadata.js';
import { newSavepointDirectory } from '../../../../runtime/checkpoint/storage/directories.js';
import { readMetadata, writeMetadata } from '../../../../runtime/checkpoint/storage/metadata-files.js';
import { JOB, keyedSnapshot, metadataOf, operatorMetadata, segment } from '../../../support/sample-checkpoint.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

describe('metadata files', () => {
  const temp = useTempDirectory();
  const uri = (...names: string[]): string => toFileUri(join(temp.path, ...names));

  async function errorOf(path: string): Promise<Error & { code: string }> {
    return await readMetadata(path, fileSystems).then(
      () => expect.fail('an error was expected'),
      (error: unknown) => error as Error & { code: string },
    );
  }

  /** A checkpoint with a file of its own, a shared one, one elsewhere and inline bytes. */
  function sample(job: string): ReturnType<typeof metadataOf> {
    const file = (path: string): { kind: 'file'; path: string; sizeBytes: number } => ({ kind: 'file', path, sizeBytes: 3 });
    const snapshot = keyedSnapshot([
      segment('a', file(joinPath(job, 'chk-1', 'x'))),
      segment('b', file(joinPath(job, 'shared', 'y'))),
      segment('c', file('file:///elsewhere/z')),
      segment('d', { kind: 'inline', bytes: Uint8Array.of(1, 2) }),
    ]);
    const list = { mode: 'split', count: 1, elements: file(joinPath(job, 'chk-1', 'l')) } as const;
    const operator = operatorMetadata('0', [{ ...snapshot, lists: { list } }], { uid: 'counts' });
    const finished = new Map([[1, { steps: [{ kind: 'delete', path: 'p' } as const], accumulators: { n: { kind: 'sum', value: 1 } } }]]);
    return metadataOf({
      operators: [operator],
      finished: [{ vertexId: operator.vertexId, name: 'v', parallelism: 2, subtasks: finished }],
    });
  }

  it('come back as they were, from the directory or the file', async () => {
    const metadata = sample(uri('job'));
    await writeMetadata(metadata, uri('job', 'chk-1'), fileSystems);
    for (const path of [uri('job', 'chk-1'), uri('job', 'chk-1', '_metadata'), join(temp.path, 'job', 'chk-1')]) {
      expect(await readMetadata(path, fileSystems)).to.deep.equal({ metadata, directory: uri('job', 'chk-1') });
    }
    expect(readdirSync(join(temp.path, 'job', 'chk-1'))).to.deep.equal(['_metadata']);
  });

  it('name files relative to themselves, so that the directory can be moved', async () => {
    await writeMetadata(sample(uri('job')), uri('job', 'chk-1'), fileSystems);
    renameSync(join(temp.path, 'job'), join(temp.path, 'moved'));
    expect((await readMetadata(uri('moved', 'chk-1'), fileSystems)).metadata).to.deep.equal(sample(uri('moved')));
  });

  it('never replace those of another checkpoint', async () => {
    await writeMetadata(metadataOf(), uri('chk-1'), fileSystems);
    const error: unknown = await writeMetadata(metadataOf({ checkpointId: 2 }), uri('chk-1'), fileSystems).catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'FILE_EXISTS' });
    expect((await readMetadata(uri('chk-1'), fileSystems)).metadata.checkpointId).to.equal(1);
    expect(readdirSync(join(temp.path, 'chk-1'))).to.deep.equal(['_metadata']);
  });

  it('that are not there are told by the path that was asked for', async () => {
    mkdirSync(join(temp.path, 'empty'));
    expect(await errorOf(uri('nothing'))).to.include({
      code: 'CHECKPOINT_NOT_FOUND',
      message: `Cannot find checkpoint or savepoint file/directory '${uri('nothing')}' on file system 'file'.`,
    });
    expect((await errorOf(uri('empty'))).message).to.match(/^Cannot find meta data file '_metadata' in directory '.*empty'\. Please try/);
  });

  it('that are damaged in any byte or cut off anywhere are refused', async () => {
    const bytes = encodeMetadata(metadataOf({ operators: [operatorMetadata('0', [])] }));
    const path = join(temp.path, '_metadata');
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes);
      changed[at]! ^= 0x40;
      for (const damaged of [changed, bytes.subarray(0, at)]) {
        writeFileSync(path, damaged);
        const error = await errorOf(toFileUri(path));
        expect(error.code).to.equal('UNREADABLE_METADATA');
        expect(error.message).to.contain(toFileUri(path));
      }
    }
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('x')]));
    expect((await errorOf(toFileUri(path))).message).to.contain('1 bytes follow its end');
  });

  it('of Flink itself, and of a later version, say so', async () => {
    const path = join(temp.path, '_metadata');
    writeFileSync(path, Buffer.from('4960672d00000004', 'hex'));
    expect((await errorOf(toFileUri(path))).message).to.contain('Apache Flink');
    const later = Buffer.from(encodeMetadata(metadataOf()));
    later.writeUInt32LE(2, 8);
    writeFileSync(path, later);
    expect((await errorOf(toFileUri(path))).message).to.contain('version 2');
  });

  it('of a savepoint lie in a directory named after the job', () => {
    const random = new SeededRandom(1);
    const [one, other] = [newSavepointDirectory('file:///s', JOB, random), newSavepointDirectory('file:///s', JOB, random)];
    expect(one).to.match(/^file:\/\/\/s\/savepoint-012345-[0-9a-f]{12}$/);
    expect(other).not.to.equal(one);
  });
});
