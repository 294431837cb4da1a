import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileExistsError, LocalFileSystem, LostFileError, toFileUri } from '#core';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('LocalRecoverableWriter', () => {
  const directory = useTempDirectory();
  const writer = new LocalFileSystem().recoverableWriter();
  const at = (name: string): string => join(directory.path, 'deep', name);
  const paths = (): [string, string] => [toFileUri(at('file')), toFileUri(at('.file.inprogress'))];
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('shows a file when it is committed, and not before; as often as one likes', async () => {
    const file = await writer.open(...paths());
    await file.write(Buffer.from('abc'));
    const pending = await file.closeForCommit();
    expect(pending.sizeBytes).to.equal(3);
    expect(existsSync(at('file'))).to.equal(false);
    await writer.commit(pending);
    await writer.commit(pending);
    expect(readFileSync(at('file'), 'utf8')).to.equal('abc');
    expect(existsSync(at('.file.inprogress'))).to.equal(false);
  });

  it('goes on where it was persisted, as often as one likes', async () => {
    const first = await writer.open(...paths());
    await first.write(Buffer.from('abc'));
    const position = await first.persist();
    await first.write(Buffer.from('lost'));
    await first.close();
    for (const more of ['d', 'e']) {
      const again = await writer.recover(position);
      expect(again.positionBytes).to.equal(3);
      await again.write(Buffer.from(more));
      if (more === 'd') await again.close();
      else await writer.commit(await again.closeForCommit());
    }
    expect(readFileSync(at('file'), 'utf8')).to.equal('abce');
  });

  it('says when a file is gone or too short, and never replaces another', async () => {
    const file = await writer.open(...paths());
    await file.write(Buffer.from('abc'));
    const position = await file.persist();
    const pending = await file.closeForCommit();
    writeFileSync(at('file'), 'another');
    expect(await failureOf(writer.commit(pending))).to.be.instanceOf(FileExistsError);
    truncateSync(at('.file.inprogress'), 2);
    expect(await failureOf(writer.recover(position)))
      .to.be.instanceOf(LostFileError)
      .with.property('foundBytes', 2);
    expect(await failureOf(writer.commit({ ...pending, target: toFileUri(at('other')) }))).to.be.instanceOf(LostFileError);
    const gone = { ...position, temporary: toFileUri(at('.gone')) };
    expect(await failureOf(writer.recover(gone)))
      .to.be.instanceOf(LostFileError)
      .with.property('foundBytes', undefined);
  });
});
