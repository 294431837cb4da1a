import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystems, silentLogger } from '#core';
import type { FinishStep } from '#api';
import { publishOutput } from '../../../runtime/schedule/output-files.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('runtime/schedule/output-files', () => {
  const directory = useTempDirectory();
  const at = (...names: readonly string[]): string => join(directory.path, ...names);
  const rename = (from: string, to: string, overwrite: boolean): FinishStep => ({
    kind: 'rename',
    from: `file://${at(from)}`,
    to: `file://${at(...to.split('/'))}`,
    overwrite,
  });
  const remove = (path: string): FinishStep => ({ kind: 'delete', path: `file://${at(path)}` });
  const publish = async (...steps: readonly FinishStep[]): Promise<unknown> =>
    await publishOutput(steps, fileSystems, silentLogger).then(
      () => undefined,
      (error: unknown) => error,
    );
  const write = (name: string, text = name): void => {
    writeFileSync(at(name), text);
  };

  it('replaces what was there, and leaves nothing else', async () => {
    mkdirSync(at('out'));
    write('out/7', 'old');
    write('file', 'old');
    for (const name of ['a', 'b', 'c']) write(name);
    const error = await publish(remove('out'), rename('a', 'out/1', true), rename('b', 'out/2', true), rename('c', 'file', true));
    expect(error).to.equal(undefined);
    expect(readdirSync(directory.path).toSorted()).to.deep.equal(['file', 'out']);
    expect(readdirSync(at('out')).toSorted()).to.deep.equal(['1', '2']);
    expect(readFileSync(at('file'), 'utf8')).to.equal('c');
  });

  it('takes everything back when a step fails, also what was replaced', async () => {
    mkdirSync(at('out'));
    write('out/7', 'old');
    write('file', 'old');
    for (const name of ['a', 'b']) write(name);
    const error = await publish(remove('out'), rename('a', 'out/1', true), rename('b', 'file', true), rename('missing', 'out/2', true));
    expect(error).to.have.property('code', 'FILE_NOT_FOUND');
    expect(readdirSync(directory.path).toSorted()).to.deep.equal(['a', 'b', 'file', 'out']);
    expect(readdirSync(at('out'))).to.deep.equal(['7']);
    expect(readFileSync(at('file'), 'utf8')).to.equal('old');
  });

  it('leaves no directory that it made', async () => {
    write('a');
    const error = await publish(rename('a', 'new/deep/1', false), rename('missing', 'new/deep/2', false));
    expect(error).to.have.property('code', 'FILE_NOT_FOUND');
    expect(readdirSync(directory.path)).to.deep.equal(['a']);
    expect(await publish(rename('missing', 'new/deep/1', true))).to.have.property('code', 'FILE_NOT_FOUND');
    expect(readdirSync(directory.path)).to.deep.equal(['a']);
  });
});
